import { parseKey, type BlobKey } from '@adiuva/platform';
import { chunkPlan, type FirstNumber } from './chunk-plan';
import type { Upload } from './upload';
import type { UploadState } from './upload-state';

/** What is to be released when an upload ends without becoming a backup. */
export interface AbandonedUpload {
  readonly id: string;
  readonly userId: string;
  readonly reservedBytes: number;
  readonly object: BlobKey;
  readonly partsId: string | null;
}

/** A row of `backup_uploads`, as the driver gives it. */
export interface UploadRow {
  readonly id: string;
  readonly user_id: string;
  readonly state: Exclude<UploadState, 'gone'>;
  readonly version: string;
  readonly client_time: string;
  readonly checksum: string;
  readonly size_bytes: string;
  readonly reserved_bytes: string;
  readonly chunk_size: number;
  readonly first_number: FirstNumber | null;
  readonly object_key: string;
  readonly parts_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export function uploadOf(row: UploadRow): Upload {
  const object = parseKey(row.object_key);
  return {
    id: row.id,
    userId: row.user_id,
    state: row.state,
    version: row.version,
    timestamp: Number(row.client_time),
    checksum: row.checksum,
    plan: chunkPlan(Number(row.size_bytes), row.chunk_size),
    firstNumber: row.first_number,
    object,
    parts: row.parts_id === null ? null : { key: object, id: row.parts_id },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

export function abandonedUploadOf(row: UploadRow): AbandonedUpload {
  return {
    id: row.id,
    userId: row.user_id,
    reservedBytes: Number(row.reserved_bytes),
    object: parseKey(row.object_key),
    partsId: row.parts_id,
  };
}
