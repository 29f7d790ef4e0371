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
  getAll(): IdbRequest<unknown[]>;
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

/** `create` makes the object stores of a new database. Throws a `RangeError` outside of browsers. */
export function openIndexedDb(name: string, create: (database: IdbDatabase) => void): Promise<IdbDatabase> {
  const scope: object = globalThis;
  if (!('indexedDB' in scope)) throw new RangeError('there is no IndexedDB here');
  // What a browser calls by this name.
  const request = (scope.indexedDB as IdbFactory).open(name, 1);
  request.onupgradeneeded = () => create(request.result);
  return resultOf(request);
}

export function resultOf<T>(request: IdbRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB failed', { cause: request.error }));
  });
}

export function committed(transaction: IdbTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('IndexedDB aborted the transaction', { cause: transaction.error }));
  });
}
