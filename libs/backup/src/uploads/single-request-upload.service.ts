import { pipeline, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { BlobStore, MAX_PARTS, MIN_PART_BYTES } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { Backup, BackupLabel } from '../backups/backup';
import { UploadReservations } from './upload-reservations.service';
import { wholeKey } from '../backups/backup-key';
import { IncrementalReservation } from './incremental-reservation';
import type { NewUpload } from './uploads.store';
import { UploadsStore } from './uploads.store';

/** One body; `size` is null where the client does not announce it. */
export interface BackupBody {
  readonly bytes: Readable;
  readonly size: number | null;
}

/** Maximum of one body: the store is given it in parts of the minimum size. */
export const MAX_BODY_BYTES = MAX_PARTS * MIN_PART_BYTES;

/** Capacity is reserved in steps of this size where the length is not known. */
const STEP_BYTES = 64 * 1024 * 1024;
const BEAT_MS = 30_000;
const ALIVE_SECONDS = 300;

/** Backups that are uploaded in a single request: hashed, counted and stored in one pass, and a backup only when all of it is right. */
@Injectable()
export class SingleRequestUpload {
  constructor(
    private readonly blobs: BlobStore,
    private readonly quota: Quota,
    private readonly reservations: UploadReservations,
    private readonly uploads: UploadsStore,
  ) {}

  /** @throws `upgrade_required`, `quota_exceeded`, `validation_failed` (no bytes), `payload_too_large`, `checksum_mismatch`, `unavailable` */
  async store(owner: Principal, label: BackupLabel, body: BackupBody, signal?: AbortSignal): Promise<Backup> {
    this.quota.assertIncluded(owner, 'backups');
    if (body.size === 0) throw empty();
    if ((body.size ?? 0) > MAX_BODY_BYTES)
      throw new Problem('payload_too_large', { members: { limit_bytes: MAX_BODY_BYTES } });
    await this.reservations.assertFits(owner, body.size ?? 1);
    const id = newId();
    const upload: NewUpload = {
      ...label,
      id,
      userId: owner.userId,
      state: 'streaming',
      sizeBytes: body.size ?? 0,
      chunkSize: 0,
      object: wholeKey(owner.userId, id),
      partsId: null,
    };
    await this.reservations.begin(owner, upload, ALIVE_SECONDS / 3600);
    const beat = setInterval(() => void this.uploads.keepAlive(id, ALIVE_SECONDS).catch(() => undefined), BEAT_MS);
    try {
      return await this.receive(owner, upload, body, signal);
    } catch (error) {
      // After a commit whose answer was lost there is no upload left to drop; while the database is away it is left to expire.
      await this.abort(owner, id).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(beat);
    }
  }

  private async abort(owner: Principal, id: string): Promise<void> {
    if (!(await this.reservations.drop(id, ['streaming']))) await this.reservations.releaseObjects(owner.userId, id);
  }

  private async receive(owner: Principal, upload: NewUpload, body: BackupBody, signal?: AbortSignal): Promise<Backup> {
    const reserving =
      body.size === null ? new IncrementalReservation((bytes) => this.reserve(owner, upload.id, bytes)) : null;
    if (reserving) pipeline(body.bytes, reserving, () => undefined);
    const expected = { maxBytes: body.size ?? MAX_BODY_BYTES, minBytes: body.size ?? 1, sha256: upload.checksum };
    const { size } = await this.blobs.put(upload.object, reserving ?? body.bytes, expected, signal);
    const reserved = reserving?.grantedBytes ?? upload.sizeBytes;
    const backup = { ...upload, sizeBytes: size, chunkCount: 1, blocks: null };
    return this.reservations.commit(backup, reserved, async (tx) => {
      if (!(await this.uploads.remove(tx, { id: upload.id, reservedBytes: reserved }, ['streaming'])))
        throw new Problem('conflict');
    });
  }

  /** A whole step where it fits, otherwise only what is needed. */
  private async reserve(owner: Principal, id: string, bytes: number): Promise<number> {
    const step = Math.max(STEP_BYTES, bytes);
    try {
      await this.reservations.grow(owner, id, step);
      return step;
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'quota_exceeded') || step === bytes) throw error;
      await this.reservations.grow(owner, id, bytes);
      return bytes;
    }
  }
}

function empty(): Problem {
  return new Problem('validation_failed', { detail: 'A backup has at least one byte' });
}
