import type { Checksum } from '@adiuva/kernel';
import type { BlobKey, PartsUpload } from '@adiuva/platform';
import type { BackupLabel } from '../backups/backup';
import type { ChunkPlan, FirstNumber } from './chunk-plan';
import type { UploadState } from './upload-state';

/** A backup that arrives in chunks. */
export interface Upload extends BackupLabel {
  readonly id: string;
  readonly userId: string;
  readonly state: Exclude<UploadState, 'gone'>;
  readonly plan: ChunkPlan;
  readonly firstNumber: FirstNumber | null;
  readonly object: BlobKey;
  /** Null where the chunks are objects of their own. */
  readonly parts: PartsUpload | null;
  readonly createdAt: Date;
  /** When it will be aborted, unless another chunk arrives before. */
  readonly expiresAt: Date;
}

export interface Chunk {
  readonly number: number;
  readonly checksum: Checksum;
  readonly size: number;
  /** The store's name for exactly these bytes: a part's tag, or the key of an object. */
  readonly tag: string;
}

/** The state of an upload, for a client. */
export interface UploadProgress {
  readonly upload: Upload;
  /** Numbers of the chunks that are there, ascending. */
  readonly present: readonly number[];
  readonly missing: readonly number[];
}
