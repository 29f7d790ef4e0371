import {
  ApiProblem,
  IndexedDbSyncStore,
  type AdiuvaClient,
  type Conflict,
  type SyncReport,
  type Vault,
} from '@adiuva/client';
import { t } from '../texts/texts';
import { clearToasts, toast } from '../ui/toasts';
import type { Row } from './row';

export type SyncStatus =
  | { readonly kind: 'idle'; readonly at?: number; readonly failures: number }
  | { readonly kind: 'busy' }
  /** Without storage in the plan, records are in this browser alone. */
  | { readonly kind: 'local' }
  | { readonly kind: 'failed'; readonly error: unknown };

const SYNC_AFTER_MS = 800;

/** The records of the user in this browser: read from memory, written to IndexedDB, synced encrypted. */
export class LocalRecords {
  private readonly tables = new Map<string, ReadonlyMap<string, Row>>();
  private readonly listeners = new Set<() => void>();
  private readonly lists = new Map<string, readonly Row[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sync: SyncStatus = { kind: 'idle', failures: 0 };
  /** A sync was asked for while one was in progress, which may have read before what it was asked for. */
  private isDue = false;
  /** What is shown and not yet in IndexedDB, in the order of writing. */
  private readonly unstored = new Set<{
    readonly table: string;
    readonly id: string;
    readonly row: Row | undefined;
  }>();

  private storedChanges = 0;

  private constructor(
    private readonly client: AdiuvaClient,
    private readonly vault: Vault,
    private readonly store: IndexedDbSyncStore,
  ) {}

  static async open(client: AdiuvaClient, vault: Vault): Promise<LocalRecords> {
    const records = new LocalRecords(client, vault, await IndexedDbSyncStore.open(databaseName(vault.userId)));
    await records.read();
    return records;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly syncStatus = (): SyncStatus => this.sync;

  /** The same array until a row of the table changes. */
  readonly rows = (table: string): readonly Row[] => {
    const known = this.lists.get(table);
    if (known) return known;
    const made = [...(this.tables.get(table)?.values() ?? [])];
    this.lists.set(table, made);
    return made;
  };

  /** All tables, for a backup. */
  everything(): Readonly<Record<string, readonly Row[]>> {
    return Object.fromEntries([...this.tables.keys()].map((table) => [table, this.rows(table)]));
  }

  row(table: string, id: string): Row | undefined {
    return this.tables.get(table)?.get(id);
  }

  /** The row is shown immediately, also where it cannot be stored, with which this rejects. */
  write(table: string, row: Row): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(row));
    return this.apply(table, row.id, row, () => this.store.write(table, row.id, bytes));
  }

  /** Hides the row immediately; rejects where that cannot be stored, and shows it again. */
  remove(table: string, id: string): Promise<void> {
    return this.apply(table, id, undefined, () => this.store.delete(id));
  }

  /** How many changes the server does not have. */
  async unsynced(): Promise<number> {
    return (await this.store.dirtyIds()).length;
  }

  async syncNow(): Promise<void> {
    clearTimeout(this.timer);
    this.isDue = this.sync.kind === 'busy';
    if (this.isDue) return;
    this.status({ kind: 'busy' });
    try {
      const copies = new Map<string, string>();
      const onConflict = (conflict: Conflict): Promise<'theirs'> => this.copyMine(conflict, copies);
      // Also what a sync that failed has pulled, or another tab.
      const report = await this.client.sync(this.vault, this.store, { onConflict }).finally(() => this.read());
      this.status({ kind: 'idle', at: Date.now(), failures: failuresOf(report) });
    } catch (error) {
      const isLocal = error instanceof ApiProblem && error.code === 'upgrade_required';
      this.status(isLocal ? { kind: 'local' } : { kind: 'failed', error });
    }
    if (this.isDue) await this.syncNow();
  }

  close(): void {
    clearTimeout(this.timer);
    this.isDue = false;
    clearToasts();
    this.store.close();
  }

  /** Forgets everything of the user in this browser. */
  erase(): Promise<void> {
    this.close();
    return new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(databaseName(this.vault.userId));
      request.onsuccess = request.onerror = request.onblocked = () => resolve();
    });
  }

  private async apply(table: string, id: string, row: Row | undefined, store: () => Promise<void>): Promise<void> {
    const change = { table, id, row };
    this.unstored.add(change);
    this.put(table, id, row);
    this.changed();
    try {
      await store();
    } catch (error) {
      // What was typed stays in sight; what could not be deleted is shown again. Closed records cannot be read.
      if (!row && this.unstored.delete(change)) await this.read().catch(() => undefined);
      throw error;
    }
    for (const earlier of this.unstored) {
      if (earlier.id === id) this.unstored.delete(earlier);
      if (earlier === change) break;
    }
    this.storedChanges += 1;
    this.syncSoon();
  }

  /** What was written here while another device changed the same note becomes a note of its own. It is asked again after a further edit. */
  private async copyMine({ mine }: Conflict, copies: Map<string, string>): Promise<'theirs'> {
    if (mine.table !== 'notes' || mine.data === null) return 'theirs';
    const known = copies.get(mine.id);
    const copy = known ?? crypto.randomUUID();
    copies.set(mine.id, copy);
    await this.store.write(mine.table, copy, mine.data);
    if (known === undefined) toast(t('notes.copied'));
    return 'theirs';
  }

  private async read(): Promise<void> {
    const tables = new Map<string, Map<string, Row>>();
    const { storedChanges } = this;
    const stored = await this.store.all();
    // What was stored meanwhile may be missing.
    if (storedChanges !== this.storedChanges) return this.read();
    for (const { id, table, data } of stored) {
      const row = data && rowOf(id, data);
      if (!row) continue;
      const rows = tables.get(table) ?? new Map<string, Row>();
      tables.set(table, rows.set(id, row));
    }
    this.tables.clear();
    for (const [table, rows] of tables) this.tables.set(table, rows);
    this.lists.clear();
    for (const { table, id, row } of this.unstored) this.put(table, id, row);
    this.changed();
  }

  private put(table: string, id: string, row: Row | undefined): void {
    const rows = new Map(this.tables.get(table));
    if (row) rows.set(id, row);
    else rows.delete(id);
    this.tables.set(table, rows);
    this.lists.delete(table);
  }

  private syncSoon(): void {
    clearTimeout(this.timer);
    if (this.sync.kind !== 'local') this.timer = setTimeout(() => void this.syncNow(), SYNC_AFTER_MS);
  }

  private status(next: SyncStatus): void {
    this.sync = next;
    this.changed();
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}

function databaseName(userId: string): string {
  return `adiuva-console-records-${userId}`;
}

function failuresOf({ failures }: SyncReport): number {
  return failures.length;
}

/** Undefined for what another app has written in another format. */
function rowOf(id: string, data: Uint8Array): Row | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(data));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed, id } : undefined;
  } catch {
    return undefined;
  }
}
