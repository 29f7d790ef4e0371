import type { Readable } from 'node:stream';
import type { Checksum } from '@adiuva/kernel';

/** The bytes of a record as a client sends them: opaque to us, with the checksum that they must have. */
export interface RecordContent {
  /** Small ones are there already; long ones are read while they are stored. */
  readonly bytes: Readable | Buffer;
  readonly checksum: Checksum;
  /** Where it is known before the bytes are read. */
  readonly size?: number;
}

export interface NewRecord extends RecordContent {
  /** A UUID of the client's; made here when left out. */
  readonly id?: string;
  readonly table: string;
}

/** What a write has made of a record. */
export interface SavedRecord {
  readonly id: string;
  readonly table: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface RecordSummary extends SavedRecord {
  readonly checksum: Checksum;
  readonly sizeBytes: number;
}
