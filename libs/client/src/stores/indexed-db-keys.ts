import { Aead, type GcmKey } from '../crypto/aead';
import type { Bytes } from '../crypto/bytes';
import { Vault } from '../crypto/vault';
import type { ResultDevice } from '../runs/run-results';
import { committed, openIndexedDb, resultOf, type IdbDatabase, type IdbObjectStore } from './indexed-db';

const KEYS = 'keys';
const BROWSER_KEY = 'browser-key';
const VAULT = 'vault';
const DEVICE = 'device';

interface SealedVault {
  readonly userId: string;
  readonly sealed: Bytes;
}

interface SealedDevice {
  readonly id: string;
  readonly sealed: Bytes;
}

/**
 * The unlocked keys of a user in an IndexedDB database of the browser, so that a reload asks for no password. They are encrypted under a
 * key of Web Crypto that cannot be exported: scripts of this origin can use it and not read it.
 */
export class IndexedDbKeyStore {
  private constructor(private readonly database: IdbDatabase) {}

  static async open(name = 'adiuva-keys'): Promise<IndexedDbKeyStore> {
    return new IndexedDbKeyStore(await openIndexedDb(name, (created) => created.createObjectStore(KEYS)));
  }

  close(): void {
    this.database.close();
  }

  async saveVault(vault: Vault): Promise<void> {
    const sealed = await vault.wrap(await this.aead(), vaultPlace(vault.userId));
    await this.put(VAULT, { userId: vault.userId, sealed } satisfies SealedVault);
  }

  /** Undefined where none is kept. Throws `DecryptError`. */
  async vault(): Promise<Vault | undefined> {
    // Only this store writes there.
    const kept = (await this.get(VAULT)) as SealedVault | undefined;
    return kept && new Vault(kept.userId, await (await this.aead()).open(kept.sealed, vaultPlace(kept.userId)));
  }

  /** The registered device that this browser is, with its private key. */
  async saveDevice({ id, privateKey }: ResultDevice): Promise<void> {
    const sealed = await (await this.aead()).seal(privateKey, devicePlace(id));
    await this.put(DEVICE, { id, sealed } satisfies SealedDevice);
  }

  async device(): Promise<ResultDevice | undefined> {
    // Only this store writes there.
    const kept = (await this.get(DEVICE)) as SealedDevice | undefined;
    return kept && { id: kept.id, privateKey: await (await this.aead()).open(kept.sealed, devicePlace(kept.id)) };
  }

  /** Forgets the keys, for signing out. */
  async clear(): Promise<void> {
    for (const name of [VAULT, DEVICE, BROWSER_KEY]) await this.put(name, undefined);
  }

  private async aead(): Promise<Aead> {
    const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const store = this.objects('readwrite');
    const existing = store.get(BROWSER_KEY);
    const key = await new Promise<GcmKey>((resolve, reject) => {
      // In one transaction, so that two tabs never make two keys.
      existing.onsuccess = () => {
        if (existing.result === undefined) store.put(fresh, BROWSER_KEY);
        // Only this store writes there.
        resolve((existing.result ?? fresh) as GcmKey);
      };
      existing.onerror = () => reject(new Error('IndexedDB failed', { cause: existing.error }));
    });
    return new Aead(key, 'browser keys');
  }

  private get(name: string): Promise<unknown> {
    return resultOf(this.objects('readonly').get(name));
  }

  private put(name: string, value: unknown): Promise<void> {
    const store = this.objects('readwrite');
    store.put(value, name);
    return committed(store.transaction);
  }

  private objects(mode: 'readonly' | 'readwrite'): IdbObjectStore {
    return this.database.transaction(KEYS, mode, { durability: 'strict' }).objectStore(KEYS);
  }
}

function vaultPlace(userId: string): string {
  return `adiuva/browser-vault/1|${userId}`;
}

function devicePlace(id: string): string {
  return `adiuva/browser-device/1|${id}`;
}
