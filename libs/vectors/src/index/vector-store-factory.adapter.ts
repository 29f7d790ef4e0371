import type { Database } from '@adiuva/platform';
import type { ItemStore } from '../item.store';
import type { VectorStore } from './vector-store.port';
import type { VectorsConfig } from '../vectors.config';
import { EmbeddedVectorStore } from './vectors.embedded.adapter';
import { PgvectorStore } from './vectors.pgvector.adapter';
import { PineconeVectorStore } from './vectors.pinecone.adapter';
import { QdrantVectorStore } from './vectors.qdrant.adapter';

/** The index that the configuration names. */
export function createVectorStore(config: VectorsConfig, database: Database, items: ItemStore): VectorStore {
  switch (config.store) {
    case 'embedded':
      return new EmbeddedVectorStore(items, config.VECTOR_CACHE_MB);
    case 'pgvector':
      return new PgvectorStore(database);
    case 'pinecone':
      return new PineconeVectorStore({
        apiKey: config.PINECONE_API_KEY ?? '',
        index: config.PINECONE_INDEX ?? '',
        controllerHost: config.PINECONE_CONTROLLER_HOST,
      });
    case 'qdrant':
      return new QdrantVectorStore({ url: config.QDRANT_URL ?? '', apiKey: config.QDRANT_API_KEY });
  }
}
