import type { Checksum } from '@adiuva/kernel';
import type { BlobKey, Blocks } from '@adiuva/platform';

/** What a client states about a backup. */
export interface BackupLabel {
  /** Its own name for the format or the application; opaque to the server. */
  readonly version: string;
  /** Its own time, in milliseconds since the epoch. A label: nothing is ordered or kept by it. */
  readonly timestamp: number;
  /** SHA-256 that the whole must have. */
  readonly checksum: Checksum;
}

export interface Backup extends BackupLabel {
  readonly id: string;
  readonly sizeBytes: number;
  /** Number of chunks it was uploaded in; 1 for a single request. */
  readonly chunkCount: number;
  /** By the server's clock, and later than that of every backup the user had before. */
  readonly createdAt: Date;
  /** When the scrub found that the stored bytes are not what was stored; null while they are good. */
  readonly damagedAt: Date | null;
  /** When a deleted backup will be gone; null while it is not deleted. */
  readonly purgeAt: Date | null;
}

/** A backup with the place of its bytes. */
export interface StoredBackup extends Backup {
  readonly userId: string;
  readonly object: BlobKey;
  /** Checksums of equal blocks, by which a range can be verified without reading the whole; null where there are none. */
  readonly blocks: Blocks | null;
  readonly restored: boolean;
}
