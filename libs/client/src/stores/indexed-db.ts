/** The part of IndexedDB that the store needs; the types of browsers are not everywhere this client is compiled. */
export interface IdbRequest<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

export interface IdbTransaction {
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  abort(): void;
  objectStore(name: string): IdbObjectStore;
}

export interface IdbObjectStore {
  readonly transaction: IdbTransaction;
  get(key: string): IdbRequest<unknown>;
  getAllKeys(): IdbRequest<unknown[]>;
  put(value: unknown, key?: string): IdbRequest<unknown>;
  index(name: string): { getAllKeys(): IdbRequest<unknown[]> };
  createIndex(name: string, keyPath: string): unknown;
}

export interface IdbDatabase {
  close(): void;
  createObjectStore(name: string, options?: { readonly keyPath: string }): IdbObjectStore;
  transaction(name: string, mode: 'readonly' | 'readwrite', options: { readonly durability: 'strict' }): IdbTransaction;
}

interface IdbFactory {
  open(name: string, version: number): IdbRequest<IdbDatabase> & { onupgradeneeded: (() => void) | null };
}

/** Throws a `RangeError` outside of browsers. */
export function indexedDbOf(scope: object): IdbFactory {
  if (!('indexedDB' in scope)) throw new RangeError('there is no IndexedDB here');
  // What a browser calls by this name.
  return scope.indexedDB as IdbFactory;
}
