import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, LEASE_SECONDS, type BlobKey, type Tx } from '@adiuva/platform';
import type { BackupLabel } from '../backups/backup';
import type { FirstNumber } from './chunk-plan';
import type { Chunk, Upload } from './upload';
import { abandonedUploadOf, uploadOf, type AbandonedUpload, type UploadRow } from './upload-row';
import type { UploadState } from './upload-state';

export interface NewUpload extends BackupLabel {
  readonly id: string;
  readonly userId: string;
  readonly state: 'open' | 'streaming';
  /** Declared size; 0 where it is not known before. Reserved in the ledger from the beginning. */
  readonly sizeBytes: number;
  readonly chunkSize: number;
  readonly object: BlobKey;
  readonly partsId: string | null;
}

/** However active it is, an upload ends after this many days: parts in the store must not be kept for ever. */
const MAX_DAYS = 6;

/** Rows of uploads. Each statement names the user and the state that it requires. */
@Injectable()
export class UploadsStore {
  constructor(private readonly database: Database) {}

  /** @throws `not_found` */
  async get(userId: string, id: string): Promise<Upload> {
    const [row] = await this.database.query<UploadRow>(
      `SELECT * FROM backup_uploads WHERE user_id = $1 AND id = $2 AND state <> 'streaming'
         AND (expires_at > clock_timestamp() OR state = 'completing')`,
      [userId, id],
    );
    if (!row) throw new Problem('not_found');
    return uploadOf(row);
  }

  /** Those that take chunks, oldest first. */
  async open(userId: string): Promise<Upload[]> {
    const rows = await this.database.query<UploadRow>(
      `SELECT * FROM backup_uploads WHERE user_id = $1 AND state IN ('open', 'completing') AND expires_at > clock_timestamp() ORDER BY id`,
      [userId],
    );
    return rows.map(uploadOf);
  }

  /** Of a user: those that take chunks, and all that may still become backups. */
  async counts(tx: Tx, userId: string): Promise<{ readonly open: number; readonly unfinished: number }> {
    const [counts] = await tx.query<[{ open: number; unfinished: number }]>(
      `SELECT count(*) FILTER (WHERE state IN ('open', 'completing'))::integer AS open, count(*)::integer AS unfinished
       FROM backup_uploads WHERE user_id = $1 AND state <> 'completed' AND expires_at > clock_timestamp()`,
      [userId],
    );
    return counts;
  }

  async insert(tx: Tx, upload: NewUpload, hours: number): Promise<void> {
    await tx.query(
      `INSERT INTO backup_uploads (id, user_id, state, version, client_time, checksum, size_bytes, reserved_bytes, chunk_size, object_key, parts_id, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, clock_timestamp() + make_interval(secs => $11))`,
      [
        upload.id,
        upload.userId,
        upload.state,
        upload.version,
        upload.timestamp,
        upload.checksum,
        upload.sizeBytes,
        upload.chunkSize,
        upload.object,
        upload.partsId,
        hours * 3600,
      ],
    );
  }

  /** Records a stored chunk and extends the upload; gives the tag of the chunk that it replaces. @throws `conflict` when the upload is not open any more, or numbered otherwise */
  async putChunk(
    tx: Tx,
    upload: Upload,
    chunk: Chunk,
    first: FirstNumber | null,
    hours: number,
  ): Promise<string | null> {
    const [open] = await tx.query<{ first_number: FirstNumber | null }[]>(
      `WITH touched AS (
         UPDATE backup_uploads SET first_number = COALESCE(first_number, $3),
           expires_at = LEAST(clock_timestamp() + make_interval(secs => $4), created_at + make_interval(days => $5))
         WHERE user_id = $1 AND id = $2 AND state = 'open' RETURNING first_number)
       SELECT first_number FROM touched`,
      [upload.userId, upload.id, first, hours * 3600, MAX_DAYS],
    );
    if (!open) throw new Problem('conflict', { detail: 'This upload takes no chunks any more' });
    if (first !== null && open.first_number !== first)
      throw new Problem('conflict', { detail: 'Other chunks of this upload are numbered otherwise' });
    // The row of the upload is locked, so no other request replaces the chunk meanwhile.
    const [before] = await tx.query<{ tag: string }[]>(
      `WITH stored AS (
         INSERT INTO backup_chunks (upload_id, number, checksum, size_bytes, tag) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (upload_id, number) DO UPDATE SET checksum = excluded.checksum, size_bytes = excluded.size_bytes, tag = excluded.tag)
       SELECT tag FROM backup_chunks WHERE upload_id = $1 AND number = $2`,
      [upload.id, chunk.number, chunk.checksum, chunk.size, chunk.tag],
    );
    return before === undefined || before.tag === chunk.tag ? null : before.tag;
  }

  /** In the order of their numbers. */
  async chunks(uploadId: string): Promise<Chunk[]> {
    return this.database.query<Chunk>(
      'SELECT number, checksum, size_bytes::float8 AS size, tag FROM backup_chunks WHERE upload_id = $1 ORDER BY number',
      [uploadId],
    );
  }

  /** Opens an upload again, without the chunks in `missing` and with `partsId` in place of its former parts. */
  async reset(tx: Tx, id: string, missing: readonly number[], partsId: string | null): Promise<void> {
    await tx.query(
      `UPDATE backup_uploads SET state = 'open', holder = NULL, lease_until = NULL, parts_id = $2 WHERE id = $1`,
      [id, partsId],
    );
    await tx.query('DELETE FROM backup_chunks WHERE upload_id = $1 AND number = ANY($2::integer[])', [id, missing]);
  }

  async dropChunks(uploadId: string, numbers: readonly number[]): Promise<void> {
    await this.database.query('DELETE FROM backup_chunks WHERE upload_id = $1 AND number = ANY($2::integer[])', [
      uploadId,
      numbers,
    ]);
  }

  /** Acquires the lease to complete an upload that is open or whose holder has died. False when another process holds it. */
  async lease(userId: string, id: string, holder: string): Promise<boolean> {
    const rows = await this.database.query(
      `WITH leased AS (
         UPDATE backup_uploads SET state = 'completing', holder = $3, lease_until = clock_timestamp() + make_interval(secs => $4)
         WHERE user_id = $1 AND id = $2 AND (state = 'open' OR (state = 'completing' AND lease_until < clock_timestamp())) RETURNING id)
       SELECT id FROM leased`,
      [userId, id, holder, LEASE_SECONDS],
    );
    return rows.length === 1;
  }

  async renewLease(id: string, holder: string): Promise<void> {
    await this.database.query(
      `UPDATE backup_uploads SET lease_until = clock_timestamp() + make_interval(secs => $3),
         expires_at = GREATEST(expires_at, clock_timestamp() + make_interval(secs => $3))
       WHERE id = $1 AND holder = $2 AND state = 'completing'`,
      [id, holder, LEASE_SECONDS],
    );
  }

  async reopen(id: string, holder: string): Promise<void> {
    await this.database.query(
      `UPDATE backup_uploads SET state = 'open', holder = NULL, lease_until = NULL WHERE id = $1 AND holder = $2 AND state = 'completing'`,
      [id, holder],
    );
  }

  /** The upload is a backup now; its row stays so that a repeated request gets the same answer. @throws `conflict` when the lease was lost */
  async complete(tx: Tx, id: string, holder: string): Promise<void> {
    const rows = await tx.query<unknown[]>(
      `WITH completed AS (
         UPDATE backup_uploads SET state = 'completed', reserved_bytes = 0, expires_at = clock_timestamp() + make_interval(days => 7)
         WHERE id = $1 AND holder = $2 AND state = 'completing' RETURNING id)
       SELECT id FROM completed`,
      [id, holder],
    );
    if (rows.length === 0) throw new Problem('conflict', { detail: 'This upload is being completed' });
    await tx.query('DELETE FROM backup_chunks WHERE upload_id = $1', [id]);
  }

  /** Extends an upload whose body is still arriving. */
  async keepAlive(id: string, seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE backup_uploads SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE id = $1`,
      [id, seconds],
    );
  }

  /** Adds to the reservation. @throws `conflict` when the upload is gone */
  async grow(tx: Tx, id: string, bytes: number): Promise<void> {
    const rows = await tx.query<unknown[]>(
      `WITH grown AS (UPDATE backup_uploads SET reserved_bytes = reserved_bytes + $2 WHERE id = $1 RETURNING id) SELECT id FROM grown`,
      [id, bytes],
    );
    if (rows.length === 0) throw new Problem('conflict', { detail: 'This upload was aborted' });
  }

  /** Deletes the row while the upload is in one of `states` and its reservation is unchanged; with `expired`, only when it has expired. */
  async remove(
    tx: Tx,
    left: Pick<AbandonedUpload, 'id' | 'reservedBytes'>,
    states: readonly UploadState[],
    expired = false,
  ): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `WITH removed AS (
         DELETE FROM backup_uploads WHERE id = $1 AND state = ANY($2::text[]) AND reserved_bytes = $3
           AND (NOT $4 OR (expires_at < clock_timestamp() AND (lease_until IS NULL OR lease_until < clock_timestamp()))) RETURNING id)
       SELECT id FROM removed`,
      [left.id, states, left.reservedBytes, expired],
    );
    return rows.length === 1;
  }

  async erase(tx: Tx, id: string): Promise<void> {
    await tx.query('DELETE FROM backup_uploads WHERE id = $1', [id]);
  }

  async find(id: string): Promise<AbandonedUpload | null> {
    const [row] = await this.database.query<UploadRow>('SELECT * FROM backup_uploads WHERE id = $1', [id]);
    return row ? abandonedUploadOf(row) : null;
  }

  /** Those that take chunks or are being completed, of all users. */
  async unfinished(): Promise<AbandonedUpload[]> {
    const rows = await this.database.query<UploadRow>(
      `SELECT * FROM backup_uploads WHERE state IN ('open', 'completing')`,
    );
    return rows.map(abandonedUploadOf);
  }

  /** Uploads of a user in any state, or those that have expired. A dead holder's lease ends before its upload does. */
  async abandoned(which: { readonly userId: string } | 'expired'): Promise<AbandonedUpload[]> {
    const rows =
      which === 'expired'
        ? await this.database.query<UploadRow>(
            `SELECT * FROM backup_uploads WHERE expires_at < clock_timestamp()
               AND (state <> 'completing' OR lease_until < clock_timestamp()) ORDER BY expires_at LIMIT 500`,
          )
        : await this.database.query<UploadRow>('SELECT * FROM backup_uploads WHERE user_id = $1', [which.userId]);
    return rows.map(abandonedUploadOf);
  }
}
