import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { newId, Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import type { ByteRange } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import {
  satisfies,
  type Precondition,
  type NewRecord,
  type RecordContent,
  type RecordSummary,
  type SavedRecord,
} from './record';
import { RecordBlobs } from './record-blobs.service';
import { RecordWriter } from './record-writer.service';
import { RecordsStore, type StoredContent, type StoredRecord } from './records.store';

/** What a reader wants of a record once he knows its version and size: a range, all of it, or nothing because he has it. */
export type RangeRequest = ByteRange | 'all' | 'nothing';

export interface RecordDownload {
  readonly record: RecordSummary;
  readonly range: ByteRange | null;
  /** Null when nothing was wanted. Fails before its last byte when the stored bytes are damaged. */
  readonly bytes: Readable | null;
}

const READ_ATTEMPTS = 3;
const MAX_RECENT = 10_000;
/** Bytes that may be stored once more when it turns out that they belong to another version. */
const WORTH_A_GUESS = 64 * 1024;

/** Encrypted records of a user: bytes first under a fresh key, then one transaction, then the old object by a job. */
@Injectable()
export class Records {
  /** As this node saw them last. Any may have changed since, which the commit finds out, since a version has one content for ever. */
  private readonly recent = new LRUCache<string, StoredRecord>({ max: MAX_RECENT });

  constructor(
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly blobs: RecordBlobs,
    private readonly commits: RecordWriter,
  ) {}

  /** @throws `upgrade_required`, `quota_exceeded`, `payload_too_large`, `checksum_mismatch`, `conflict` (the id is taken), `unavailable` */
  async create(owner: Principal, record: NewRecord, signal?: AbortSignal): Promise<SavedRecord> {
    await this.blobs.assertFits(owner, record);
    const { id = newId(), table } = record;
    const old = record.id === undefined ? undefined : (await this.store.find(owner.userId, [id])).get(id);
    if (old && old.object !== null) throw new Problem('conflict', { detail: 'A record has this id' });
    const version = (old?.version ?? 0) + 1;
    const content = await this.blobs.put({ userId: owner.userId, table, id, version }, record, signal);
    const made = await this.blobs.withCleanup(content, () =>
      this.commits.write(owner, { op: 'create', id, table, content }),
    );
    return this.remember(owner, made, content);
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
    const guessed = await this.replaceRecent(owner, id, next, expected, signal);
    if (guessed) return guessed;
    const old = await this.find(owner, id);
    if (!satisfies(old.version, expected)) throw new Problem('precondition_failed');
    await this.blobs.assertFits(owner, next, old.sizeBytes);
    const name = { userId: owner.userId, table: old.table, id, version: old.version + 1 };
    const content = await this.blobs.put(name, next, signal);
    const write = { op: 'update', old, content, expected } as const;
    return this.remember(owner, await this.blobs.withCleanup(content, () => this.commits.write(owner, write)), content);
  }

  /** `tombstone` is opaque and part of the change feed. @throws `upgrade_required`, `not_found`, `precondition_failed` */
  async remove(
    owner: Principal,
    id: string,
    expected: Precondition,
    tombstone: Buffer | null = null,
  ): Promise<SavedRecord> {
    await this.quota.assertReadable(owner, 'records');
    const old = await this.find(owner, id);
    if (!satisfies(old.version, expected)) throw new Problem('precondition_failed');
    return this.commits.write(owner, { op: 'delete', old, expected, tombstone });
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
        // The record may have been replaced, and its old object removed, since we looked.
        if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
        if (attempt === READ_ATTEMPTS) throw new Problem('upstream_failed', { cause: error });
      }
    }
  }

  /** What somebody else on this node has written is looked for again, which costs less than a wrong guess. */
  forget(owner: Principal, ids: readonly string[]): void {
    for (const id of ids) this.recent.delete(`${owner.userId}/${id}`);
  }

  /** Saves the look where the record is still as it was when this node saw it last. Undefined when it is not, and nothing was done. */
  private async replaceRecent(
    owner: Principal,
    id: string,
    next: RecordContent,
    expected: Precondition,
    signal?: AbortSignal,
  ): Promise<SavedRecord | undefined> {
    const old = this.recent.get(`${owner.userId}/${id}`);
    if (!old || !Buffer.isBuffer(next.bytes) || next.bytes.length > WORTH_A_GUESS) return undefined;
    if (!satisfies(old.version, expected)) return undefined;
    const name = { userId: owner.userId, table: old.table, id, version: old.version + 1 };
    const content = await this.blobs.put(name, next, signal);
    const saved = await this.commits.replace(owner, old, content);
    if (saved) return this.remember(owner, saved, content);
    this.recent.delete(`${owner.userId}/${id}`);
    await this.blobs.release([content.key]);
    return undefined;
  }

  private remember(owner: Principal, saved: SavedRecord, { key, size, sha256 }: StoredContent): SavedRecord {
    this.recent.set(`${owner.userId}/${saved.id}`, { ...saved, checksum: sha256, sizeBytes: size, object: key });
    return saved;
  }

  private async find(owner: Principal, id: string): Promise<StoredRecord> {
    const record = (await this.store.find(owner.userId, [id])).get(id);
    if (!record || record.object === null) throw new Problem('not_found');
    this.recent.set(`${owner.userId}/${id}`, record);
    return record;
  }
}
