import { RecordBucketRow } from './records/record-bucket.entity';
import { RecordChangeRow, RecordFeedRow } from './changes/record-change.entity';
import { RecordRow } from './records/record.entity';
import { ReleasedObjectRow } from './objects/released-object.entity';

export const RECORD_ENTITIES = [RecordRow, RecordChangeRow, RecordFeedRow, RecordBucketRow, ReleasedObjectRow];

export { STORAGE_CHANGED } from './change-notifier.service';
export { ChangeRetention } from './changes/change-retention.service';
export { ReleasedObjectCleaner } from './objects/released-object-cleaner.service';
export { OrphanCollector, type LossReport, type SweepReport } from './objects/orphan-collector.service';
export type { Precondition, NewRecord, RecordContent, RecordSummary, SavedRecord } from './records/record';
export { RecordBatch, type BatchOperation, type BatchOutcome } from './records/record-batch.service';
export { ChangeFeed, type FeedPage, type FeedRequest, type RecordChange } from './changes/change-feed.service';
export { Records, type RecordDownload, type RangeRequest } from './records/records.service';
export { MAX_BATCH_READ_BYTES, RecordReader, type BatchRead } from './records/record-reader.service';
export { StorageConfig } from './storage.config';
export { StorageErasure } from './storage.erasure';
export { StorageJobs } from './storage.jobs';
export { StorageModule } from './storage.module';
export { blobKey, MAX_INLINE_BLOB_BYTES, SyncFeed, type SyncPage, type SyncRequest } from './sync-feed.service';
export { TABLE_NAME } from './records/table-name';
