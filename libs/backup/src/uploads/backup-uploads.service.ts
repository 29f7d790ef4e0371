import { Injectable } from '@nestjs/common';
import { invalidField, newId, Problem, type Checksum, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { BlobStore, Database, parseKey, type StoredPart } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { BackupLabel } from '../backups/backup';
import { BackupConfig } from '../backup.config';
import { UploadReservations } from './upload-reservations.service';
import { chunkKey, wholeKey } from '../backups/backup-key';
import { chunkBytes, chunkPlan, firstNumberFrom, fitsParts, isChunkSize, missingChunks } from './chunk-plan';
import type { BackupBody } from './single-request-upload.service';
import type { Chunk, Upload, UploadProgress } from './upload';
import { nextUploadState } from './upload-state';
import { UploadsStore } from './uploads.store';

export interface ChunkedBackup extends BackupLabel {
  readonly sizeBytes: number;
  readonly chunkSize: number;
}

/** Backups that are uploaded in chunks: in any order, concurrently, over days, across crashes of either side. */
@Injectable()
export class BackupUploads {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly quota: Quota,
    private readonly reservations: UploadReservations,
    private readonly uploads: UploadsStore,
    private readonly config: BackupConfig,
  ) {}

  /** @throws `validation_failed`, `upgrade_required`, `quota_exceeded`, `conflict` (too many are open), `unavailable` */
  async begin(owner: Principal, backup: ChunkedBackup): Promise<UploadProgress> {
    const { sizeBytes, chunkSize, version, timestamp, checksum } = backup;
    const plan = chunkPlan(sizeBytes, chunkSize);
    await this.reservations.assertFits(owner, sizeBytes);
    const id = newId();
    const object = wholeKey(owner.userId, id);
    const parts = fitsParts(plan) ? await this.blobs.beginParts(object) : null;
    const upload = {
      id,
      userId: owner.userId,
      state: 'open' as const,
      version,
      timestamp,
      checksum,
      sizeBytes,
      chunkSize,
      object,
      partsId: parts?.id ?? null,
    };
    try {
      await this.reservations.begin(owner, upload, this.config.BACKUP_UPLOAD_HOURS);
    } catch (error) {
      if (parts) await this.blobs.abortParts(parts).catch(() => undefined);
      throw error;
    }
    return this.progress(owner, id);
  }

  /** @throws `not_found` */
  async progress(owner: Principal, id: string): Promise<UploadProgress> {
    const upload = await this.uploads.get(owner.userId, id);
    if (upload.state === 'completed')
      return { upload, present: missingChunks(upload.plan, upload.firstNumber, []), missing: [] };
    const present = (await this.uploads.chunks(id)).map(({ number }) => number);
    return { upload, present, missing: missingChunks(upload.plan, upload.firstNumber, present) };
  }

  async list(owner: Principal): Promise<readonly Upload[]> {
    return this.uploads.open(owner.userId);
  }

  /** How many chunks an upload has; for limits on how often they may come. @throws `not_found` */
  async chunkCount(owner: Principal, id: string): Promise<number> {
    return (await this.uploads.get(owner.userId, id)).plan.count;
  }

  /** @throws `not_found`, `conflict` (not open, or numbered otherwise), `validation_failed` (number or size), `payload_too_large`, `checksum_mismatch`, `unavailable` */
  async putChunk(
    owner: Principal,
    id: string,
    number: number,
    checksum: Checksum,
    body: BackupBody,
    signal?: AbortSignal,
  ): Promise<void> {
    this.quota.assertIncluded(owner, 'backups');
    const upload = await this.uploads.get(owner.userId, id);
    nextUploadState(upload.state, 'chunk');
    const { min, max } = chunkBytes(upload.plan, number, upload.firstNumber);
    if (body.size !== null && !isChunkSize(upload.plan, number, upload.firstNumber, body.size))
      throw wrongSize(min, max);
    const { size, tag } = await this.place(upload, number, { bytes: body, min, max, checksum }, signal);
    if (!isChunkSize(upload.plan, number, upload.firstNumber, size)) {
      // A part has replaced an earlier one; an object of its own has not.
      if (upload.parts) await this.uploads.dropChunks(id, [number]);
      else await this.deleteObject(tag);
      throw wrongSize(min, max);
    }
    await this.record(upload, { number, checksum, size, tag });
  }

  /** @throws `not_found`, `conflict` when it is being completed or has become a backup */
  async abort(owner: Principal, id: string): Promise<void> {
    const upload = await this.uploads.get(owner.userId, id);
    nextUploadState(upload.state, 'abort');
    if (!(await this.reservations.drop(id, ['open'])))
      throw new Problem('conflict', { detail: 'This upload is being completed' });
  }

  private async place(
    upload: Upload,
    number: number,
    chunk: { bytes: BackupBody; min: number; max: number; checksum: Checksum },
    signal?: AbortSignal,
  ): Promise<Pick<StoredPart, 'size' | 'tag'>> {
    const expected = { minBytes: chunk.min, maxBytes: chunk.max, sha256: chunk.checksum };
    if (upload.parts) return this.blobs.putPart(upload.parts, number + 1, chunk.bytes.bytes, expected, signal);
    const { key, size } = await this.blobs.put(
      chunkKey(upload.userId, upload.id, number),
      chunk.bytes.bytes,
      expected,
      signal,
    );
    return { size, tag: key };
  }

  /** Records a stored chunk. The object of a replaced chunk is deleted, and the chunk's own where the upload takes no more chunks. */
  private async record(upload: Upload, chunk: Chunk): Promise<void> {
    const first = firstNumberFrom(upload.plan, chunk.number);
    try {
      const replaced = await this.database.transaction(async (tx) => {
        await lockLiveUser(tx, upload.userId);
        return this.uploads.putChunk(tx, upload, chunk, first, this.config.BACKUP_UPLOAD_HOURS);
      });
      if (!upload.parts && replaced !== null) await this.deleteObject(replaced);
    } catch (error) {
      // After any other failure the chunk may be recorded all the same.
      if (!upload.parts && isRefusal(error)) await this.deleteObject(chunk.tag);
      // An upload that was aborted or erased meanwhile is not found.
      if (isRefusal(error)) await this.uploads.get(upload.userId, upload.id);
      throw error;
    }
  }

  /** Deletes the object of a chunk, which is not charged; one that stays is deleted with its upload. */
  private async deleteObject(tag: string): Promise<void> {
    await this.blobs.delete([parseKey(tag)]).catch(() => undefined);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'conflict' || error.code === 'unauthenticated');
}

function wrongSize(min: number, max: number): Problem {
  const message = min === max ? `must have ${max} bytes` : `must have ${min} or ${max} bytes`;
  return invalidField('chunk', message);
}
