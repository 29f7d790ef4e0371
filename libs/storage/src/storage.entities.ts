import { RecordChangeRow, RecordFeedRow } from './changes/record-change.entity';
import { ReleasedObjectRow } from './objects/released-object.entity';
import { RecordBucketRow } from './records/record-bucket.entity';
import { RecordRow } from './records/record.entity';

/** The tables of this lib. */
export const STORAGE_ENTITIES = [
  RecordRow,
  RecordChangeRow,
  RecordFeedRow,
  RecordBucketRow,
  ReleasedObjectRow,
] as const;
