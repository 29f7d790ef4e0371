import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import {
  newId,
  Problem,
  satisfies,
  type Page,
  type PageRequest,
  type Precondition,
  type Principal,
} from '@adiuva/kernel';
import type { ByteRange } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { type NewRecord, type RecordContent, type RecordSummary, type SavedRecord } from './record';
import { RecordBlobs } from './record-blobs.service';
import { RecordWriter } from './record-writer.service';
import { RecordsStore, type StoredRecord } from './records.store';

/** What to send of a record whose version and size are known: a range, all of it, or nothing because the client has it. */
export type RangeRequest = ByteRange | 'all' | 'nothing';

export interface RecordDownload {
  readonly record: RecordSummary;
  readonly range: ByteRange | null;
  /** Null when nothing is to be sent. Fails before its last byte when the stored bytes are damaged. */
  readonly bytes: Readable | null;
}

const READ_ATTEMPTS = 3;

/** Encrypted records of a user. A write stores its bytes under a fresh key, then commits; the replaced object is deleted later by a job. */
@Injectable()
export class Records {
  constructor(
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly blobs: RecordBlobs,
    private readonly writer: RecordWriter,
  ) {}

  /** @throws `upgrade_required`, `quota_exceeded`, `payload_too_large`, `checksum_mismatch`, `conflict` (the id is taken), `unavailable` */
  async create(owner: Principal, record: NewRecord, signal?: AbortSignal): Promise<SavedRecord> {
    await this.blobs.assertFits(owner, record);
    const { id = newId(), table } = record;
    const prior = record.id === undefined ? undefined : await this.store.findOne(owner.userId, id);
    if (prior && prior.object !== null) throw new Problem('conflict', { detail: 'A record has this id' });
    const name = { userId: owner.userId, table, id, version: (prior?.version ?? 0) + 1 };
    const content = await this.blobs.put(name, record, signal);
    return this.blobs.withCleanup(content, () => this.writer.write(owner, { op: 'create', id, table, content }));
  }

  /** @throws as `create`, and `not_found`, `precondition_failed` */
  async replace(
    owner: Principal,
    id: string,
    next: RecordContent,
    expected: Precondition,
    signal?: AbortSignal,
  ): Promise<SavedRecord> {
    this.quota.assertIncluded(owner, 'records');
    const prior = await this.find(owner, id);
    if (!satisfies(prior.version, expected)) throw new Problem('precondition_failed');
    await this.blobs.assertFits(owner, next, prior.sizeBytes);
    const name = { userId: owner.userId, table: prior.table, id, version: prior.version + 1 };
    const content = await this.blobs.put(name, next, signal);
    return this.blobs.withCleanup(content, () => this.writer.write(owner, { op: 'update', id, content, expected }));
  }

  /** `tombstone` is opaque and part of the change feed. @throws `upgrade_required`, `not_found`, `precondition_failed` */
  async remove(
    owner: Principal,
    id: string,
    expected: Precondition,
    tombstone: Buffer | null = null,
  ): Promise<SavedRecord> {
    await this.quota.assertReadable(owner, 'records');
    return this.writer.write(owner, { op: 'delete', id, expected, tombstone });
  }

  /** In the order in which they were made. @throws `upgrade_required` */
  async list(owner: Principal, table: string | undefined, page: PageRequest): Promise<Page<RecordSummary>> {
    await this.quota.assertReadable(owner, 'records');
    return this.store.page(owner.userId, table, page);
  }

  /** @throws `upgrade_required`, `not_found`, `upstream_failed`, what `choose` throws */
  async read(
    owner: Principal,
    id: string,
    choose: (record: RecordSummary) => RangeRequest,
    signal?: AbortSignal,
  ): Promise<RecordDownload> {
    await this.quota.assertReadable(owner, 'records');
    for (let attempt = 1; ; attempt += 1) {
      const record = await this.find(owner, id);
      const wanted = choose(record);
      if (wanted === 'nothing') return { record, range: null, bytes: null };
      const range = wanted === 'all' ? null : wanted;
      try {
        return { record, range, bytes: await this.blobs.open(record, range, signal) };
      } catch (error) {
        // The record may have been replaced and its former object deleted since the row was read.
        if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
        if (attempt === READ_ATTEMPTS) throw new Problem('upstream_failed', { cause: error });
      }
    }
  }

  private async find(owner: Principal, id: string): Promise<StoredRecord> {
    const record = await this.store.findOne(owner.userId, id);
    if (!record || record.object === null) throw new Problem('not_found');
    return record;
  }
}
