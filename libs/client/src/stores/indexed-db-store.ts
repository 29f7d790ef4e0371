import { committed, openIndexedDb, resultOf, type IdbDatabase, type IdbObjectStore } from './indexed-db';
import { SyncStore, type LocalRecord, type RecordChange } from '../sync/sync-store';

const RECORDS = 'records';
const STATE = 'state';
const DIRTY = 'dirty';

/** A record with what the index of dirty records reads: IndexedDB cannot index booleans. */
type Stored = LocalRecord & { readonly changed?: 1 };

/** Records in an IndexedDB database of the browser. Open it with `IndexedDbSyncStore.open`. */
export class IndexedDbSyncStore extends SyncStore {
  private constructor(private readonly database: IdbDatabase) {
    super();
  }

  static async open(name = 'adiuva'): Promise<IndexedDbSyncStore> {
    const database = await openIndexedDb(name, (created) => {
      created.createObjectStore(RECORDS, { keyPath: 'id' }).createIndex(DIRTY, 'changed');
      created.createObjectStore(STATE);
    });
    return new IndexedDbSyncStore(database);
  }

  close(): void {
    this.database.close();
  }

  async state(): Promise<string | undefined> {
    const state = await resultOf(this.objects(STATE).get(STATE));
    return typeof state === 'string' ? state : undefined;
  }

  saveState(state: string): Promise<void> {
    const store = this.objects(STATE, 'readwrite');
    store.put(state, STATE);
    return committed(store.transaction);
  }

  async get(id: string): Promise<LocalRecord | undefined> {
    return plain(await resultOf(this.objects(RECORDS).get(id)));
  }

  update(id: string, change: RecordChange): Promise<void> {
    const store = this.objects(RECORDS, 'readwrite');
    const request = store.get(id);
    let failure: { readonly error: unknown } | undefined;
    request.onsuccess = () => {
      try {
        const next = change(plain(request.result));
        if (next) store.put(next.dirty ? { ...next, changed: 1 } : next);
      } catch (error) {
        failure = { error };
        store.transaction.abort();
      }
    };
    return committed(store.transaction).catch((error: unknown) => {
      throw failure ? failure.error : error;
    });
  }

  async dirtyIds(): Promise<readonly string[]> {
    return (await resultOf(this.objects(RECORDS).index(DIRTY).getAllKeys())).map(String);
  }

  async ids(): Promise<readonly string[]> {
    return (await resultOf(this.objects(RECORDS).getAllKeys())).map(String);
  }

  /** With one read. */
  override async all(): Promise<readonly LocalRecord[]> {
    const stored = await resultOf(this.objects(RECORDS).getAll());
    return stored.flatMap((record) => plain(record) ?? []);
  }

  private objects(name: string, mode: 'readonly' | 'readwrite' = 'readonly'): IdbObjectStore {
    return this.database.transaction(name, mode, { durability: 'strict' }).objectStore(name);
  }
}

/** Only this store writes there. */
function plain(stored: unknown): LocalRecord | undefined {
  if (stored === undefined) return undefined;
  const { changed: _, ...record } = stored as Stored;
  return record;
}
