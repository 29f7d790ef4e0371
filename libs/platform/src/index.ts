export {
  BlobStore,
  MAX_PART_BYTES,
  MAX_PARTS,
  MIN_PART_BYTES,
  type BlobEntry,
  type BlobHead,
} from './blobs/blob-store.port';
export type { ExpectedBytes, PartsUpload, StoredBlob, StoredPart } from './blobs/blob-store.port';
export { BlobConfig } from './blobs/blobs.config';
export { DiskBlobStore, type DiskBlobOptions } from './blobs/blobs.disk.adapter';
export { S3BlobStore } from './blobs/blobs.s3.adapter';
export type { S3BlobOptions } from './blobs/s3-client.adapter';
export { contentRange, parseRange, type ByteRange } from './blobs/byte-range';
export { parseKey, safeKey, tryKey, type BlobKey } from './blobs/safe-key';
export { verified } from './blobs/verified-bytes';
export { Bundles } from './database/bundles';
export { dataSourceOptions, type Entities } from './database/data-source';
export { isDuplicate, isRolledBack } from './database/database-error';
export { Database, type Reader, type Tx } from './database/database.service';
export { DatabaseServer } from './database/database-server.service';
export { migrate } from './database/migrate.service';
export { Idempotency, isClaim, type IdempotencyClaim, type StoredAnswer } from './idempotency/idempotency.service';
export { handles, jobKind, type JobHandler, type JobKind } from './jobs/job';
export { JobRunner } from './jobs/job-runner.service';
export { addsJobs, Jobs, type JobSpec } from './jobs/jobs.service';
export { RateLimits, type RateDecision } from './limits/rate-limits.service';
export { Log, requestContext, type LogFields } from './logging/log.service';
export { Metrics } from './logging/metrics.service';
export { PlatformModule, type PlatformParts } from './platform.module';
export { KeyRing, newDataKey, openWith, sealWith } from './secrets/key-ring';
export { keptSecret } from './secrets/secret-store.adapter';
export { Signals, type SignalData } from './signals/signals.service';
