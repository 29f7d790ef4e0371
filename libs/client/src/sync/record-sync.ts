import { checksum, toBase64 } from '../crypto/bytes';
import { openRecord, sealRecord } from '../crypto/records';
import type { Vault } from '../crypto/vault';
import type { ChangeDto } from '../generated/types.gen';
import { ApiProblem } from '../api/problem';
import type { RecordOperation, RecordsApi } from './records-api';
import type { LocalRecord, SyncStore } from './sync-store';

/** The same record, changed here and elsewhere. `theirs.data` is null when it was deleted there, `mine.data` when here. */
export interface Conflict {
  readonly mine: LocalRecord;
  readonly theirs: { readonly version: number; readonly data: Uint8Array | null };
}

/** Which one stands; or bytes that join both. */
export type Resolution = 'mine' | 'theirs' | Uint8Array;

export interface SyncOptions {
  /** Without it, what the server has stands. */
  readonly onConflict?: (conflict: Conflict) => Resolution | Promise<Resolution>;
  readonly onProgress?: (progress: { readonly pulled: number; readonly pushed: number }) => void;
  readonly signal?: AbortSignal;
}

export interface SyncReport {
  readonly pulled: number;
  readonly pushed: number;
  readonly conflicts: number;
}

/** The server passed off an older state of a record than this device has already seen. */
export class RollbackError extends Error {
  constructor(readonly id: string) {
    super(`the server gave an older version of record ${id} than this device has seen`);
    this.name = 'RolledBack';
  }
}

const PAGE = 500;
const BATCH = 200;
const BATCH_BYTES = 8 * 1024 * 1024;
const AT_ONCE = 8;
const ROUNDS = 5;
const EXPIRED = 'cursor_expired';

/** Brings a device and the server to the same records: what changed elsewhere comes in, then what changed here goes out. */
export class RecordSync {
  private pulled = 0;
  private pushed = 0;
  private conflicts = 0;

  constructor(
    private readonly api: RecordsApi,
    private readonly vault: Vault,
    private readonly store: SyncStore,
    private readonly options: SyncOptions = {},
  ) {}

  /** Throws `DecryptError` for bytes that are not this account's, `RolledBack` for an old state, `ApiProblem`. */
  async run(): Promise<SyncReport> {
    await this.pull();
    for (let round = 0; round < ROUNDS && !(await this.push()); round += 1) await this.pull();
    const { pulled, pushed, conflicts } = this;
    return { pulled, pushed, conflicts };
  }

  private async pull(): Promise<void> {
    try {
      await this.pullFrom(await this.store.cursor());
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== EXPIRED) throw error;
      const named = await this.pullFrom(undefined);
      await this.dropUnnamed(named);
    }
  }

  /** Gives the ids that the feed named. */
  private async pullFrom(start: string | undefined): Promise<Set<string>> {
    const named = new Set<string>();
    let cursor = start;
    for (let more = true; more;) {
      const page = await this.api.changes(
        { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
        this.options.signal,
      );
      const latest = new Map(page.changes.map((change) => [change.id, change]));
      await inTurn([...latest.values()], (change) => this.take(change));
      page.changes.forEach(({ id }) => named.add(id));
      await this.store.saveCursor(page.cursor);
      cursor = page.cursor;
      more = page.has_more;
    }
    return named;
  }

  private async take(change: ChangeDto): Promise<void> {
    const local = await this.store.get(change.id);
    if (local && local.version >= change.version) return;
    const theirs = change.deleted
      ? { version: change.version, data: null }
      : await this.fetch(change, local?.version ?? 0);
    if (!theirs) return;
    if (local?.dirty) await this.resolve(local, theirs);
    else if (theirs.data === null) await this.store.remove(change.id);
    else
      await this.store.put({
        id: change.id,
        table: change.table,
        version: theirs.version,
        data: theirs.data,
        dirty: false,
      });
    this.pulled += 1;
    this.options.onProgress?.({ pulled: this.pulled, pushed: this.pushed });
  }

  /** Undefined when the record is gone meanwhile: the feed will say so. */
  private async fetch(
    { id, table, version }: ChangeDto,
    seen: number,
  ): Promise<{ version: number; data: Uint8Array } | undefined> {
    try {
      const downloaded = await this.api.read(id, this.options.signal);
      if (downloaded.version < Math.max(version, seen)) throw new RollbackError(id);
      const data = await openRecord(this.vault, { table, id, version: downloaded.version }, downloaded.bytes);
      return { version: downloaded.version, data };
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  private async resolve(mine: LocalRecord, theirs: Conflict['theirs']): Promise<void> {
    this.conflicts += 1;
    const resolution = (await this.options.onConflict?.({ mine, theirs })) ?? 'theirs';
    if (resolution === 'theirs') {
      if (theirs.data === null) await this.store.remove(mine.id);
      else await this.store.put({ ...mine, version: theirs.version, data: theirs.data, dirty: false });
      return;
    }
    const data = resolution === 'mine' ? mine.data : resolution;
    // Onto a deleted record one is created anew; the server counts its versions on.
    await this.store.put({ ...mine, version: theirs.version, data, dirty: true });
  }

  /** Whether everything went out; false when something changed meanwhile and must come in first. */
  private async push(): Promise<boolean> {
    let clean = true;
    for (const group of inGroups(await this.store.dirty())) {
      const operations = await Promise.all(group.map((record) => this.operation(record)));
      const { results } = await this.api.batch(operations, this.options.signal);
      for (const [i, record] of group.entries()) {
        const result = results[i];
        if (result && result.status < 300) await this.acknowledge(record, result.version ?? record.version + 1);
        else if (result && [404, 409, 412].includes(result.status)) clean = false;
        else throw new ApiProblem(result?.status ?? 500, { ...result }, undefined);
        if (result?.status === 404) await this.forgotten(record);
      }
    }
    return clean;
  }

  private async operation({ id, table, version, data }: LocalRecord): Promise<RecordOperation> {
    if (data === null) return { op: 'delete', id, if_match: version };
    const sealed = await sealRecord(this.vault, { table, id, version: version + 1 }, data);
    const content = { id, blob: toBase64(sealed), checksum: await checksum(sealed) };
    return version === 0 ? { op: 'create', table, ...content } : { op: 'update', ...content, if_match: version };
  }

  private async acknowledge(record: LocalRecord, version: number): Promise<void> {
    const now = await this.store.get(record.id);
    this.pushed += 1;
    this.options.onProgress?.({ pulled: this.pulled, pushed: this.pushed });
    if (record.data === null) return this.store.remove(record.id);
    // Changed again while it was on its way: what went out is its new ground.
    const changedAgain = now?.data !== record.data;
    // A version other than the sealed one would not open: the next round seals it anew.
    const dirty = changedAgain || version !== record.version + 1;
    await this.store.put({ ...record, ...(changedAgain && now ? now : {}), version, dirty });
  }

  /** The server has no such record any more: a deletion is done, a change becomes a new record. */
  private async forgotten(record: LocalRecord): Promise<void> {
    if (record.data === null) await this.store.remove(record.id);
    else
      await this.store.put({ ...record, id: crypto.randomUUID(), version: 0 }).then(() => this.store.remove(record.id));
  }

  private async dropUnnamed(named: ReadonlySet<string>): Promise<void> {
    for (const id of await this.store.ids()) {
      const local = await this.store.get(id);
      if (!named.has(id) && local && !local.dirty) await this.store.remove(id);
    }
  }
}

/** A few at once, so that a long feed neither floods the server nor waits for each answer. */
async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

function inGroups(records: readonly LocalRecord[]): LocalRecord[][] {
  const groups: LocalRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = record.data?.length ?? 0;
    const group = groups.at(-1);
    if (group && group.length < BATCH && bytes + size <= BATCH_BYTES) {
      group.push(record);
      bytes += size;
    } else {
      groups.push([record]);
      bytes = size;
    }
  }
  return groups;
}
