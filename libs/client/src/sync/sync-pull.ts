import { ApiProblem } from '../api/problem';
import { fromBase64 } from '../crypto/bytes';
import { MAX_VERSION, openRecord, verifyTombstone } from '../crypto/records';
import type { Vault } from '../crypto/vault';
import type { ChangeDto } from '../generated/types.gen';
import type { RecordsApi } from './records-api';
import type { SyncProgress } from './sync-progress';
import { isAboutRecord, RollbackError, UnprovenDeletionError, type Conflict, type RemoteState } from './sync-report';
import { newRecord, type LocalRecord, type SyncStore } from './sync-store';

const PAGE = 500;
const READ_BATCH = 100;
const MAX_RETRIES_KEPT = 1_000;
const EXPIRED = 'cursor_expired';

interface PullState {
  readonly cursor?: string | undefined;
  /** Ids that could not be read, for the next sync. */
  readonly retry: readonly string[];
}

type Change = Pick<ChangeDto, 'id' | 'table' | 'version' | 'checksum' | 'deleted' | 'tombstone' | 'blob'>;

/** What changed elsewhere comes to this device. */
export class SyncPull {
  private readonly failed = new Set<string>();

  constructor(
    private readonly api: RecordsApi,
    private readonly vault: Vault,
    private readonly store: SyncStore,
    private readonly progress: SyncProgress,
  ) {}

  async run(): Promise<void> {
    const state = parseState(await this.store.state());
    for (const id of state.retry) this.failed.add(id);
    await this.readAll(state.retry.map((id) => ({ id, version: 1 })));
    try {
      await this.pullFrom(state.cursor);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== EXPIRED) throw error;
      await this.pullAll();
    }
  }

  private get signal(): AbortSignal | undefined {
    return this.progress.options.signal;
  }

  private async pullFrom(start: string | undefined, named?: Map<string, Change>): Promise<void> {
    let cursor = start;
    for (let more = true; more;) {
      const page = await this.api.changes(
        { limit: PAGE, include: 'blobs', ...(cursor === undefined ? {} : { cursor }) },
        this.signal,
      );
      const latest = new Map<string, Change>(page.changes.map((change) => [change.id, change]));
      await this.take([...latest.values()]);
      if (named) for (const [id, change] of latest) named.set(id, change);
      cursor = page.cursor;
      more = page.has_more;
      const retry = [...this.failed].slice(-MAX_RETRIES_KEPT);
      await this.store.saveState(JSON.stringify({ cursor, retry } satisfies PullState));
    }
  }

  /** The feed starts again: the server was restored, or has forgotten deletions. What it no longer has is not lost here. */
  private async pullAll(): Promise<void> {
    const named = new Map<string, Change>();
    await this.pullFrom(undefined, named);
    for (const id of await this.store.ids()) {
      const change = named.get(id);
      await this.store.update(id, (record) => this.afterRestart(record, change));
    }
  }

  private afterRestart(record: LocalRecord | undefined, change: Change | undefined): LocalRecord | undefined {
    if (!record || record.version === 0) return undefined;
    if (!change) {
      const unknown = { ...record, version: 0, onServer: false, sent: undefined };
      if (record.data === null) return { ...unknown, dirty: false };
      const dropped = !record.dirty && this.progress.options.onMissing?.(record) === 'drop';
      return dropped ? { ...unknown, data: null } : { ...unknown, dirty: true };
    }
    // A restored server is behind: what is newer here is sent again on top of what it has.
    if (record.version <= change.version) return undefined;
    return { ...record, version: change.version, onServer: !change.deleted, dirty: true, sent: undefined };
  }

  private async take(changes: readonly Change[]): Promise<void> {
    const missing: Change[] = [];
    for (const change of changes) {
      const local = await this.store.get(change.id);
      if (local && local.version >= change.version) continue;
      if (await this.isEcho(change, local)) continue;
      if (!change.deleted && change.blob === undefined) missing.push(change);
      else await this.guarded(change.id, change.table, () => this.takeOne(change));
    }
    await this.readAll(missing);
  }

  /** What this device sent itself, and whose acknowledgement was lost. */
  private async isEcho(change: Change, local: LocalRecord | undefined): Promise<boolean> {
    const proof = change.deleted ? change.tombstone : change.checksum;
    if (!local?.sent || local.sent.proof !== proof || change.version > MAX_VERSION) return false;
    const { version, deleted } = change;
    await this.store.update(change.id, (now) =>
      now?.sent?.proof === proof
        ? { ...now, version, onServer: !deleted, dirty: now.edits !== now.sent.edits, sent: undefined }
        : undefined,
    );
    return true;
  }

  private async takeOne({ id, table, version, deleted, tombstone, blob }: Change): Promise<void> {
    if (!deleted) return this.apply(id, table, await this.open({ id, table, version }, fromBase64(blob ?? '')));
    if (tombstone === undefined) {
      // Of a record that was never here, nothing is lost.
      if (await this.store.get(id)) throw new UnprovenDeletionError(id);
      return;
    }
    await verifyTombstone(this.vault, { id, table, version }, fromBase64(tombstone));
    await this.apply(id, table, { version, data: null });
  }

  /** Reads what was not part of the feed, a batch at a time; a record that is too large for one by itself. */
  private async readAll(changes: readonly { readonly id: string; readonly version: number }[]): Promise<void> {
    const versions = new Map(changes.map(({ id, version }) => [id, version]));
    let ids = [...versions.keys()];
    while (ids.length > 0) {
      const { records, rest } = await this.api.readMany(ids.slice(0, READ_BATCH), this.signal);
      ids = [...rest, ...ids.slice(READ_BATCH)];
      for (const record of records) {
        const { id } = record;
        if ('blob' in record) {
          const { table } = record;
          await this.guarded(id, table, () => this.takeRead(record, fromBase64(record.blob), versions.get(id) ?? 1));
        } else if (record.status === 413) await this.readLarge(id, versions.get(id) ?? 1);
        else if (record.status === 404) this.failed.delete(id);
        else this.failOne(id, '', new ApiProblem(record.status, { ...record }, undefined));
      }
      // A server that gives nothing must not be asked for ever.
      if (records.length === 0) throw new ApiProblem(502, { code: 'upstream_failed' }, undefined);
    }
  }

  private async readLarge(id: string, version: number): Promise<void> {
    await this.guarded(id, '', async () => {
      const { bytes, table, version: read } = await this.api.read(id, this.signal);
      await this.takeRead({ id, table, version: read }, bytes, version);
    });
  }

  private async takeRead(at: { id: string; table: string; version: number }, bytes: Uint8Array, wanted: number) {
    const seen = (await this.store.get(at.id))?.version ?? 0;
    if (at.version < Math.max(wanted, seen)) throw new RollbackError(at.id);
    await this.apply(at.id, at.table, await this.open(at, bytes));
  }

  private async open(at: { id: string; table: string; version: number }, bytes: Uint8Array): Promise<RemoteState> {
    return { version: at.version, data: await openRecord(this.vault, at, bytes) };
  }

  /** An edit that happens meanwhile is seen: then what shall be kept is asked again. */
  private async apply(id: string, table: string, theirs: RemoteState): Promise<void> {
    for (;;) {
      const mine = await this.store.get(id);
      if (mine && mine.version >= theirs.version) return;
      const next = mine?.dirty
        ? await this.resolve(mine, theirs)
        : { ...(mine ?? newRecord(table, id)), ...synced(theirs) };
      let applied = false;
      await this.store.update(id, (now) => {
        applied = now?.edits === mine?.edits && now?.version === mine?.version;
        return applied ? next : undefined;
      });
      if (applied) return this.progress.countPulled();
    }
  }

  private async resolve(mine: LocalRecord, theirs: Conflict['theirs']): Promise<LocalRecord> {
    if (sameBytes(mine.data, theirs.data)) return { ...mine, ...synced(theirs) };
    this.progress.conflicts += 1;
    const resolution = (await this.progress.options.onConflict?.({ mine, theirs })) ?? 'theirs';
    if (resolution === 'theirs') return { ...mine, ...synced(theirs) };
    const data = resolution === 'mine' ? mine.data : resolution;
    return { ...mine, ...synced(theirs), data, dirty: true };
  }

  private async guarded(id: string, table: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (this.failed.delete(id)) this.progress.recovered(id);
    } catch (error) {
      if (!isAboutRecord(error)) throw error;
      this.failOne(id, table, error);
    }
  }

  private failOne(id: string, table: string, error: unknown): void {
    this.progress.fail(id, table, error);
    // A deletion cannot be read again.
    if (!(error instanceof UnprovenDeletionError)) this.failed.add(id);
  }
}

function synced({ version, data }: RemoteState) {
  return { version, data, onServer: data !== null, dirty: false, sent: undefined };
}

function parseState(text: string | undefined): PullState {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof value !== 'object' || value === null) return { retry: [] };
  const retry = 'retry' in value && Array.isArray(value.retry) ? value.retry.map(String) : [];
  return { cursor: 'cursor' in value && typeof value.cursor === 'string' ? value.cursor : undefined, retry };
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
