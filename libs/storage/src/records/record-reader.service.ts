import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Quota } from '@adiuva/quota';
import { RecordBlobs } from './record-blobs.service';
import type { RecordSummary } from './record';
import { RecordsStore, type StoredRecord } from './records.store';

export interface RecordBytes {
  readonly record: RecordSummary;
  readonly bytes: Buffer;
}

/** A record that cannot be read in a batch: 404, 413 (read it by itself) or 502. */
export interface UnreadRecord {
  readonly id: string;
  readonly problem: Problem;
}

export interface BatchRead {
  /** In the order of the ids. */
  readonly records: readonly (RecordBytes | UnreadRecord)[];
  /** Ids that did not fit. */
  readonly rest: readonly string[];
}

/** Bytes of one batch together. */
export const MAX_BATCH_READ_BYTES = 8 * 1024 * 1024;
const CONCURRENT_READS = 16;
const READ_ATTEMPTS = 3;

/** Reads several records in one request. */
@Injectable()
export class RecordReader {
  constructor(
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly blobs: RecordBlobs,
  ) {}

  /** @throws `upgrade_required`, `unavailable` */
  async readBatch(owner: Principal, ids: readonly string[], signal?: AbortSignal): Promise<BatchRead> {
    await this.quota.assertReadable(owner, 'records');
    const wanted = [...new Set(ids)];
    const known = await this.store.find(owner.userId, wanted);
    const fitting = prefixThatFits(wanted, known);
    const records = await concurrently(fitting, (id) => this.readOne(owner, id, known.get(id), signal));
    return { records, rest: wanted.slice(fitting.length) };
  }

  /**
   * The bytes of those records that still have the version asked for and at most `maxBytes`, by id; as many as fit into a batch.
   * One that changes or cannot be read meanwhile is left out.
   */
  async readSmall(
    owner: Principal,
    versions: ReadonlyMap<string, number>,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>> {
    const known = await this.store.find(owner.userId, [...versions.keys()]);
    const small = [...known.values()].filter(
      ({ id, version, sizeBytes }) => version === versions.get(id) && sizeBytes <= maxBytes,
    );
    const fitting = small.slice(0, Math.floor(MAX_BATCH_READ_BYTES / maxBytes));
    const read = await concurrently(fitting, (record) => this.attempt(record, signal));
    return new Map(read.flatMap((one) => ('bytes' in one ? [[one.record.id, one.bytes]] : [])));
  }

  private async readOne(
    owner: Principal,
    id: string,
    found: StoredRecord | undefined,
    signal?: AbortSignal,
  ): Promise<RecordBytes | UnreadRecord> {
    let record = found;
    for (let attempt = 1; ; attempt += 1) {
      if (!record || record.object === null) return { id, problem: new Problem('not_found') };
      if (record.sizeBytes > MAX_BATCH_READ_BYTES) return { id, problem: new Problem('payload_too_large') };
      const outcome = await this.attempt(record, signal);
      if ('bytes' in outcome || attempt === READ_ATTEMPTS) return outcome;
      // The record may have been replaced, and its old object removed, since the lookup.
      record = await this.store.findOne(owner.userId, id);
    }
  }

  private async attempt(record: StoredRecord, signal?: AbortSignal): Promise<RecordBytes | UnreadRecord> {
    try {
      return { record, bytes: await buffer(await this.blobs.open(record, null, signal)) };
    } catch (cause) {
      if (signal?.aborted || !(cause instanceof Problem) || cause.code === 'unavailable') throw cause;
      return { id: record.id, problem: new Problem('upstream_failed', { cause }) };
    }
  }
}

/** The ids up to the first one whose bytes would exceed a batch. */
function prefixThatFits(ids: readonly string[], known: ReadonlyMap<string, StoredRecord>): readonly string[] {
  let bytes = 0;
  const end = ids.findIndex((id) => {
    const size = known.get(id)?.sizeBytes ?? 0;
    bytes += size > MAX_BATCH_READ_BYTES ? 0 : size;
    return bytes > MAX_BATCH_READ_BYTES;
  });
  return end === -1 ? ids : ids.slice(0, end);
}

/** Results in the order of the items. */
async function concurrently<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: Math.min(CONCURRENT_READS, items.length) }, async () => {
      for (const [index, item] of queue) results[index] = await work(item);
    }),
  );
  return results;
}
