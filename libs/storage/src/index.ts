import { RecordBucketRow } from './record-bucket.entity';
import { RecordChangeRow, RecordFeedRow } from './record-change.entity';
import { RecordRow } from './record.entity';
import { ReleasedObjectRow } from './released-object.entity';

export const RECORD_ENTITIES = [RecordRow, RecordChangeRow, RecordFeedRow, RecordBucketRow, ReleasedObjectRow];

export { STORAGE_CHANGED } from './change-bell.service';
export { FeedPurge } from './feed-purge.service';
export { ObjectRelease } from './object-release.service';
export { ObjectSweep, type LossReport, type SweepReport } from './object-sweep.service';
export type { Expectation, NewRecord, RecordContent, RecordSummary, SavedRecord } from './record';
export { RecordBatch, type BatchOperation, type BatchOutcome } from './record-batch.service';
export { RecordFeed, type FeedPage, type FeedRequest, type RecordChange } from './record-feed.service';
export { Records, type Reading, type Wanted } from './records.service';
export { StorageConfig } from './storage.config';
export { StorageErasure } from './storage-erasure.service';
export { StorageJobs } from './storage.job';
export { StorageModule } from './storage.module';
export { TABLE_NAME } from './table-name';
