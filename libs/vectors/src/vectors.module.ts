import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { QuotaModule } from '@adiuva/quota';
import { CollectionStore } from './collection.store';
import { Collections } from './collections.service';
import { Indexer } from './indexer.service';
import { ItemStore } from './item.store';
import { openVectorStore } from './open-vector-store.adapter';
import { Reindex } from './reindex.service';
import { VectorErasure } from './vector-erasure.service';
import { VectorFeed } from './vector-feed.service';
import { VectorSearch } from './vector-search.service';
import { VectorStore } from './vector-store.port';
import { VectorsConfig } from './vectors.config';
import { Vectors } from './vectors.service';

const SERVICES = [Collections, Indexer, Reindex, VectorErasure, VectorFeed, VectorSearch, Vectors];

@Module({
  imports: [QuotaModule],
  providers: [
    provideSettings(VectorsConfig),
    CollectionStore,
    ItemStore,
    {
      provide: VectorStore,
      useFactory: (config: VectorsConfig, database: Database, items: ItemStore) =>
        openVectorStore(config, database, items),
      inject: [VectorsConfig, Database, ItemStore],
    },
    ...SERVICES,
  ],
  exports: [VectorsConfig, VectorStore, ...SERVICES],
})
export class VectorsModule {}
