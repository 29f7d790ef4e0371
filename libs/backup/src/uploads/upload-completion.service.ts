import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { BlobStore, parseKey, renewLease, type StoredPart } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { Backup, StoredBackup } from '../backups/backup';
import { UploadReservations } from './upload-reservations.service';
import { BackupsStore } from '../backups/backups.store';
import { missingChunks } from './chunk-plan';
import type { Chunk, Upload } from './upload';
import { nextUploadState } from './upload-state';
import { UploadsStore } from './uploads.store';

const POLL_MS = 100;
const MAX_POLL_MS = 1_600;
/** Less than what a client or a proxy waits for a response. */
const MAX_WAIT_MS = 15_000;

/**
 * Turns an upload into a backup. The chunks were hashed one by one as they arrived; SHA-256 digests cannot be joined, so the whole is read
 * once more, in order and in constant memory: on disk in the pass that joins the chunks, on S3 after the store has joined them. Repeated
 * calls, during or after that, give the same result.
 */
@Injectable()
export class UploadCompletion {
  constructor(
    private readonly blobs: BlobStore,
    private readonly quota: Quota,
    private readonly reservations: UploadReservations,
    private readonly uploads: UploadsStore,
    private readonly backups: BackupsStore,
  ) {}

  /**
   * Continues when the client disconnects, which then repeats the request. A call that only waits for another one, or for the lease of a process
   * that has died, ends with `signal` or after 15 s.
   * @throws `not_found`, `conflict` with `missing_chunks` when some are missing, `checksum_mismatch` (and nothing is kept), `unavailable`
   */
  async complete(owner: Principal, id: string, signal?: AbortSignal): Promise<Backup> {
    this.quota.assertIncluded(owner, 'backups');
    const deadline = performance.now() + MAX_WAIT_MS;
    for (let wait = POLL_MS; ; wait = Math.min(wait * 2, MAX_POLL_MS)) {
      const upload = await this.uploads.get(owner.userId, id);
      if (nextUploadState(upload.state, 'complete') === 'completed') return this.backups.get(owner.userId, id);
      const holder = newId();
      if (await this.uploads.lease(owner.userId, id, holder)) return this.underLease(upload, holder);
      if (performance.now() >= deadline) throw beingCompleted();
      await pause(wait, undefined, signal ? { signal } : {});
    }
  }

  private async underLease(upload: Upload, holder: string): Promise<StoredBackup> {
    const release = renewLease(() => this.uploads.renewLease(upload.id, holder));
    try {
      const chunks = await this.allChunks(upload);
      await this.join(upload, chunks);
      return await this.commit(upload, chunks, holder);
    } catch (error) {
      await this.afterFailure(upload, holder, error).catch(() => undefined);
      throw error;
    } finally {
      release();
    }
  }

  /** Every chunk, in order. One that the store no longer has as it was recorded must be sent again. @throws `conflict` */
  private async allChunks(upload: Upload): Promise<readonly Chunk[]> {
    const chunks = await this.uploads.chunks(upload.id);
    const stored = upload.parts ? await this.blobs.listParts(upload.parts).catch(nullIfJoined) : null;
    const tags = stored && new Set(stored.map(({ number, tag }) => `${number}.${tag}`));
    const stale = chunks
      .filter(({ number, tag }) => tags !== null && !tags.has(`${number + 1}.${tag}`))
      .map(({ number }) => number);
    if (stale.length > 0) await this.uploads.dropChunks(upload.id, stale);
    const present = chunks.map(({ number }) => number).filter((number) => !stale.includes(number));
    const missing = missingChunks(upload.plan, upload.firstNumber, present).length;
    if (missing > 0)
      throw new Problem('conflict', { detail: 'Some chunks are missing', members: { missing_chunks: missing } });
    return chunks;
  }

  private async join(upload: Upload, chunks: readonly Chunk[]): Promise<void> {
    const { sizeBytes } = upload.plan;
    if (upload.parts) {
      const parts: StoredPart[] = chunks.map(({ number, size, tag }) => ({ number: number + 1, size, tag }));
      await this.blobs.completeParts(upload.parts, parts, upload.checksum);
      return;
    }
    const expected = { minBytes: sizeBytes, maxBytes: sizeBytes, sha256: upload.checksum };
    await this.blobs.put(
      upload.object,
      Readable.from(this.concatenated(upload.id, chunks), { objectMode: false }),
      expected,
    );
  }

  private async *concatenated(id: string, chunks: readonly Chunk[]): AsyncIterable<Buffer> {
    for (const { number, tag } of chunks)
      yield* await this.blobs.open(parseKey(tag)).catch((error: unknown) => this.lost(id, number, error));
  }

  /** A chunk that the store has lost must be sent again. */
  private async lost(id: string, number: number, error: unknown): Promise<never> {
    if (!(error instanceof Problem && error.code === 'not_found')) throw error;
    await this.uploads.dropChunks(id, [number]);
    throw new Problem('conflict', { detail: 'Some chunks are missing', members: { missing_chunks: 1 } });
  }

  private async commit(upload: Upload, chunks: readonly Chunk[], holder: string): Promise<StoredBackup> {
    const { sizeBytes, chunkSize, count } = upload.plan;
    const blocks = count === 1 ? null : { size: chunkSize, checksums: chunks.map(({ checksum }) => checksum) };
    const backup = { ...upload, sizeBytes, chunkCount: count, blocks };
    return this.reservations.commit(backup, sizeBytes, async (tx) => {
      await this.uploads.complete(tx, upload.id, holder);
      if (!upload.parts) await this.reservations.release(tx, upload.userId, upload.id);
    });
  }

  /** An upload with another checksum than declared is deleted; after any other failure it can be completed again. */
  private async afterFailure(upload: Upload, holder: string, error: unknown): Promise<void> {
    const refused =
      error instanceof Problem && (error.code === 'checksum_mismatch' || error.code === 'payload_too_large');
    if (refused) await this.reservations.drop(upload.id, ['completing']);
    else await this.uploads.reopen(upload.id, holder);
    if (!(await this.uploads.find(upload.id))) await this.reservations.releaseObjects(upload.userId, upload.id);
  }
}

function beingCompleted(): Problem {
  return new Problem('unavailable', { retryAfter: 5, detail: 'Another request is completing this upload' });
}

/** The multipart upload is gone: an earlier attempt has joined it, and the store has the whole. */
function nullIfJoined(error: unknown): null {
  if (error instanceof Problem && error.code === 'not_found') return null;
  throw error;
}
