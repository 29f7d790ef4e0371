import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { AuthModule } from '@adiuva/auth';
import { QuotaModule } from '@adiuva/quota';
import { CollectionStore } from './collection.store';
import { Collections } from './collections.service';
import { Indexer } from './indexer.service';
import { ItemStore } from './item.store';
import { createVectorStore } from './index/vector-store-factory.adapter';
import { Reindex } from './reindex.service';
import { VectorJobs } from './vectors.jobs';
import { VectorErasure } from './vectors.erasure';
import { VectorFeed } from './vector-feed.service';
import { VectorSearch } from './vector-search.service';
import { VectorStore } from './index/vector-store.port';
import { VectorsConfig } from './vectors.config';
import { Vectors } from './vectors.service';

const SERVICES = [Collections, Indexer, Reindex, VectorErasure, VectorFeed, VectorJobs, VectorSearch, Vectors];

@Module({
  imports: [AuthModule, QuotaModule],
  providers: [
    provideSettings(VectorsConfig),
    CollectionStore,
    ItemStore,
    {
      provide: VectorStore,
      useFactory: (config: VectorsConfig, database: Database, items: ItemStore) =>
        createVectorStore(config, database, items),
      inject: [VectorsConfig, Database, ItemStore],
    },
    ...SERVICES,
  ],
  exports: [VectorsConfig, VectorStore, ...SERVICES],
})
export class VectorsModule {}
