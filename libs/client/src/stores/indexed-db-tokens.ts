import type { Tokens, TokenStore } from '../api/session';
import { committed, openIndexedDb, resultOf, type IdbDatabase } from './indexed-db';

const TOKENS = 'tokens';

/**
 * Tokens in an IndexedDB database of the browser, for all tabs of an origin. `localStorage` is no store for tokens: a tab may read there
 * what another has replaced already, and spend a refresh token twice.
 */
export class IndexedDbTokenStore implements TokenStore {
  private constructor(private readonly database: IdbDatabase) {}

  static async open(name = 'adiuva-tokens'): Promise<IndexedDbTokenStore> {
    return new IndexedDbTokenStore(await openIndexedDb(name, (created) => created.createObjectStore(TOKENS)));
  }

  close(): void {
    this.database.close();
  }

  async load(): Promise<Tokens | undefined> {
    const store = this.database.transaction(TOKENS, 'readonly', { durability: 'strict' }).objectStore(TOKENS);
    // Only this store writes there.
    return (await resultOf(store.get(TOKENS))) as Tokens | undefined;
  }

  save(tokens: Tokens | undefined): Promise<void> {
    const store = this.database.transaction(TOKENS, 'readwrite', { durability: 'strict' }).objectStore(TOKENS);
    store.put(tokens, TOKENS);
    return committed(store.transaction);
  }
}
