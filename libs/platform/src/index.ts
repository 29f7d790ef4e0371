export { BlobStore, MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, type BlobEntry } from './blobs/blob-store.port';
export type { PartsUpload, StoredBlob, StoredPart } from './blobs/blob-store.port';
export { BlobConfig } from './blobs/blobs.config';
export { openBlobStore } from './blobs/blobs.module';
export { DiskBlobStore } from './blobs/disk/blobs.disk.adapter';
export { isUnreadable } from './blobs/disk/disk-error';
export { S3BlobStore } from './blobs/s3/blobs.s3.adapter';
export { contentRange, parseRange, type ByteRange } from './blobs/byte-range';
export { OBJECT_DELETION_LOCK, ObjectDeletion } from './blobs/object-deletion.service';
export { parseKey, safeKey, tryKey, type BlobKey } from './blobs/safe-key';
export { coveringBlocks, verifyingBlocks, verifyingStream, type Blocks } from './blobs/verifying-stream';
export { entryLimit } from './cache/entry-limit';
export { ReadThroughCache } from './cache/read-through-cache';
export { LargeBodyCollector } from './memory/large-body-collector';
export { MicroBatcher } from './database/micro-batcher';
export { dataSourceOptions, type Entities } from './database/data-source';
export { isDuplicate, isRefusal, isRolledBack } from './database/database-error';
export { Database, type Reader, type Tx } from './database/database.service';
export { LEASE_SECONDS, renewLease } from './database/lease';
export { deleteBatches } from './database/delete-batches';
export { DatabaseServer } from './database/database-server.service';
export { returnedRows } from './database/returned-rows';
export { createSchema, migrate, migrationNames } from './database/migrate.service';
export { Idempotency, isClaim, PUBLIC_SCOPE, type IdempotencyClaim } from './idempotency/idempotency.service';
export { jobHandler, jobKind, type JobHandler } from './jobs/job';
export { JobAdministration, type JobsOverview } from './jobs/job-administration.service';
export { JobRunner, JobRunnerParts } from './jobs/job-runner.service';
export { Jobs } from './jobs/jobs.service';
export { ConcurrencyConfig } from './limits/concurrency.config';
export { RateLimits, type RateDecision } from './limits/rate-limits.service';
export { pingRedis } from './limits/redis-ping.adapter';
export { prettyOutput } from './logging/pretty-output';
export { Log, requestContext } from './logging/log.service';
export { Metrics } from './metrics/metrics.service';
export { listenForOperators, refusedPort } from './metrics/operator-listener.adapter';
export { OrphanSweep, type OrphanRule, type SweepOptions, type SweepReport } from './orphans/orphan-sweep.service';
export {
  hasPrivateAddress,
  isPublicAddress,
  PRIVATE_ADDRESS,
  publicConnector,
  publicLookup,
} from './outbound/public-address.adapter';
export { requestsSent } from './outbound/requests-sent';
export { PLATFORM_ENTITIES } from './platform.entities';
export { PlatformJobs } from './platform.jobs';
export { PlatformModule, type PlatformParts } from './platform.module';
export { ServerKeys, newDataKey, openWith, sealWith } from './secrets/server-keys';
export { openStream, sealedSize, sealStream } from './secrets/sealed-stream';
export { NoTracing, Tracing, type Span, type SpanAttributes } from './tracing/tracing.port';
export { loadOrCreateSecret, readSecret } from './secrets/secret-file.adapter';
export { PubSub } from './pub-sub/pub-sub.service';
