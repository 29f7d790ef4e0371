export {
  COLLECTION_MODES,
  COLLECTION_NAME,
  DEFAULT_COLLECTION,
  ITEM_ID,
  MAX_BETA,
  MAX_DIM,
  MAX_EPOCH,
  MODEL_NAME,
  SKETCH_ALGORITHMS,
} from './collection';
export type { Collection, CollectionMode, CollectionSettings, SketchAlgorithm, SketchForm } from './collection';
export { Collections } from './collections.service';
export { Indexer } from './indexer.service';
export { Reindex } from './reindex.service';
export { VECTORS_ENTITIES } from './vectors.entities';
export { VectorErasure } from './vectors.erasure';
export { VectorFeed, type VectorChange, type VectorChanges } from './vector-feed.service';
export { MAX_BLOB_BYTES, type NewSketch, type NewVector } from './vector-item';
export { VectorSearch, type VectorHit, type VectorQuery } from './vector-search.service';
export { VectorStore } from './index/vector-store.port';
export { VectorsConfig } from './vectors.config';
export { VectorJobs } from './vectors.jobs';
export { VectorsModule } from './vectors.module';
export { Vectors } from './vectors.service';
