import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { BlobStore, isRefusal, verifyingStream, type BlobKey, type ByteRange } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { Readable } from 'node:stream';
import type { RecordContent } from './record';
import { freshKey, type RecordKey } from './record-key';
import type { StoredContent, StoredRecord } from './records.store';
import { StorageConfig } from '../storage.config';

/** Up to this size a body is read before the capacity is checked: above it the query costs less than reading for nothing. */
const UNCHECKED_BYTES = 64 * 1024;

/** The bytes of records: stored before the transaction, deleted again when it refuses. */
@Injectable()
export class RecordBlobs {
  constructor(
    private readonly blobs: BlobStore,
    private readonly quota: Quota,
    private readonly config: StorageConfig,
  ) {}

  /** Refuses what cannot be stored before a byte of it is read. @throws `payload_too_large`, `upgrade_required`, `quota_exceeded` */
  async assertFits(owner: Principal, content: RecordContent, replacedBytes = 0): Promise<void> {
    this.quota.assertIncluded(owner, 'records');
    const { size = 0 } = content;
    const limit = this.config.RECORD_MAX_BYTES;
    if (size > limit) throw new Problem('payload_too_large', { members: { limit_bytes: limit } });
    if (size > UNCHECKED_BYTES) await this.quota.assertCapacity(owner, 'records', size - replacedBytes);
  }

  /** Stores the bytes under a key of their own. @throws `checksum_mismatch`, `payload_too_large`, `unavailable` */
  async put(name: RecordKey, content: RecordContent, signal?: AbortSignal): Promise<StoredContent> {
    const key = freshKey(name);
    try {
      return await this.blobs.put(
        key,
        content.bytes,
        { maxBytes: this.config.RECORD_MAX_BYTES, sha256: content.checksum },
        signal,
      );
    } catch (error) {
      // The store may have it although its answer was lost; it is down now, so the caller does not wait for this.
      if (error instanceof Problem && error.code === 'unavailable') void this.release([key]);
      throw error;
    }
  }

  /**
   * Runs the transaction that makes a blob a record's content, and deletes the blob when it is refused. Where the outcome is not known (the
   * connection was lost during the commit) the blob stays, and the sweep decides.
   */
  async withCleanup<T>(content: StoredContent, commit: () => Promise<T>): Promise<T> {
    try {
      return await commit();
    } catch (error) {
      if (isRefusal(error)) await this.release([content.key]);
      throw error;
    }
  }

  /** The bytes of a record, or a range of them, verified against its checksum on the way. @throws `not_found` when the object is gone */
  async open(record: StoredRecord, range: ByteRange | null, signal?: AbortSignal): Promise<Readable> {
    if (record.object === null) throw new Problem('not_found');
    const bytes = await this.blobs.open(record.object, undefined, signal);
    return verifyingStream(bytes, record.checksum, record.sizeBytes, range ?? undefined);
  }

  /** Deletes blobs that never became a record's; what cannot be deleted now is left to the sweep. */
  async release(keys: readonly BlobKey[]): Promise<void> {
    await this.blobs.delete(keys).catch(() => undefined);
  }
}
