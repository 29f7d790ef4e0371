/** A record as the device has it, in plain. */
export interface LocalRecord {
  readonly id: string;
  readonly table: string;
  /** The server's version that this was made from; 0 for one that was never stored. */
  readonly version: number;
  /** Null for a deletion that is not yet told. */
  readonly data: Uint8Array | null;
  /** Changed here since `version`. */
  readonly dirty: boolean;
}

/** The app's own database. It should keep the cursor and the records together, so that a crash forgets neither. */
export interface SyncStore {
  cursor(): Promise<string | undefined>;
  saveCursor(cursor: string | undefined): Promise<void>;
  get(id: string): Promise<LocalRecord | undefined>;
  put(record: LocalRecord): Promise<void>;
  remove(id: string): Promise<void>;
  /** Records that were changed here. */
  dirty(): Promise<readonly LocalRecord[]>;
  /** Ids of all records, needed only when the server has forgotten what this device has not yet heard. */
  ids(): Promise<readonly string[]>;
}

/** For tests, and for apps that keep nothing. */
export class MemorySyncStore implements SyncStore {
  readonly records = new Map<string, LocalRecord>();
  private place: string | undefined;

  cursor(): Promise<string | undefined> {
    return Promise.resolve(this.place);
  }

  saveCursor(cursor: string | undefined): Promise<void> {
    this.place = cursor;
    return Promise.resolve();
  }

  get(id: string): Promise<LocalRecord | undefined> {
    return Promise.resolve(this.records.get(id));
  }

  put(record: LocalRecord): Promise<void> {
    this.records.set(record.id, record);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.records.delete(id);
    return Promise.resolve();
  }

  dirty(): Promise<readonly LocalRecord[]> {
    return Promise.resolve([...this.records.values()].filter((record) => record.dirty));
  }

  ids(): Promise<readonly string[]> {
    return Promise.resolve([...this.records.keys()]);
  }
}
