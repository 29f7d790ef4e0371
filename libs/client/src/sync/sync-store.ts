/** A record as the device has it, in plain. Apps write with `SyncStore.write` and `delete`; the sync keeps the rest. */
export interface LocalRecord {
  readonly id: string;
  readonly table: string;
  /** Null for a deletion; it stays, so that an older state can never come back. */
  readonly data: Uint8Array | null;
  /** Changed here since the server had it. */
  readonly dirty: boolean;
  /** The version of the server that this is made from; 0 for one that was never stored. */
  readonly version: number;
  /** Whether that version is a record, not a deletion. */
  readonly onServer: boolean;
  /** Counts the edits of this device. */
  readonly edits: number;
  /** What was last sent and not yet acknowledged: its checksum, or its tombstone. */
  readonly sent?: { readonly proof: string; readonly edits: number } | undefined;
}

/** Gives what shall replace the record; undefined leaves it as it is. Must not wait for anything. */
export type RecordChange = (current: LocalRecord | undefined) => LocalRecord | undefined;

/**
 * The database of the app. An implementation gives six methods; `update` must be atomic, so that an edit and a sync never overwrite each
 * other. There are stores for SQLite, IndexedDB and memory.
 */
export abstract class SyncStore {
  /** Text of the sync: where it continues. Saved after the records that it covers. */
  abstract state(): Promise<string | undefined>;
  abstract saveState(state: string): Promise<void>;
  abstract get(id: string): Promise<LocalRecord | undefined>;
  /** Reads, changes and writes one record in one transaction. */
  abstract update(id: string, change: RecordChange): Promise<void>;
  /** Ids of records with changes of this device. */
  abstract dirtyIds(): Promise<readonly string[]>;
  /** Ids of all records, deletions included. */
  abstract ids(): Promise<readonly string[]>;

  /** All records, deletions included. */
  async all(): Promise<readonly LocalRecord[]> {
    const records = await Promise.all((await this.ids()).map((id) => this.get(id)));
    return records.flatMap((record) => record ?? []);
  }

  /** Creates or replaces a record on this device; the next sync uploads it. `id` is a UUID. */
  write(table: string, id: string, data: Uint8Array): Promise<void> {
    return this.update(id, (current) => edited(current ?? newRecord(table, id), data));
  }

  /** Deletes a record on this device; the next sync tells the others. */
  delete(id: string): Promise<void> {
    return this.update(id, (current) => current && edited(current, null));
  }
}

/** For tests, and for apps that keep nothing. */
export class MemorySyncStore extends SyncStore {
  readonly records = new Map<string, LocalRecord>();
  private saved: string | undefined;

  state(): Promise<string | undefined> {
    return Promise.resolve(this.saved);
  }

  saveState(state: string): Promise<void> {
    this.saved = state;
    return Promise.resolve();
  }

  get(id: string): Promise<LocalRecord | undefined> {
    return Promise.resolve(this.records.get(id));
  }

  update(id: string, change: RecordChange): Promise<void> {
    const next = change(this.records.get(id));
    if (next) this.records.set(id, next);
    return Promise.resolve();
  }

  dirtyIds(): Promise<readonly string[]> {
    return Promise.resolve([...this.records.values()].flatMap(({ id, dirty }) => (dirty ? [id] : [])));
  }

  ids(): Promise<readonly string[]> {
    return Promise.resolve([...this.records.keys()]);
  }
}

export function newRecord(table: string, id: string): LocalRecord {
  return { id, table, data: null, dirty: false, version: 0, onServer: false, edits: 0 };
}

function edited(record: LocalRecord, data: Uint8Array | null): LocalRecord {
  return { ...record, data, dirty: true, edits: record.edits + 1 };
}
