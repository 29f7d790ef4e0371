import { associatedData } from './associated-data';
import type { Bytes } from './bytes';
import type { Vault } from './vault';

/** Where a record belongs. `version` counts from 1 and rises by one with every change. */
export interface RecordPlace {
  readonly table: string;
  readonly id: string;
  readonly version: number;
}

/** The server counts in 31 bits; a larger version is not its own. */
export const MAX_VERSION = 2 ** 31 - 1;
const NOTHING = new Uint8Array(0);

/** Bound to user, table, id and version: a server cannot swap two records or present an old state as the current version. */
export function sealRecord(vault: Vault, at: RecordPlace, plain: Uint8Array): Promise<Bytes> {
  return vault.aead('records').seal(plain, place(vault, 'record', at));
}

/** Throws `DecryptError` unless the bytes were sealed by this account for exactly this place. */
export function openRecord(vault: Vault, at: RecordPlace, sealed: Uint8Array): Promise<Bytes> {
  return vault.aead('records').open(sealed, place(vault, 'record', at));
}

/** Proves that a device of this account deleted the record: an empty seal for the version of the deletion. */
export function sealTombstone(vault: Vault, at: RecordPlace): Promise<Bytes> {
  return vault.aead('records').seal(NOTHING, place(vault, 'tombstone', at));
}

/** Throws `DecryptError` for a deletion that no device of this account made. */
export async function verifyTombstone(vault: Vault, at: RecordPlace, tombstone: Uint8Array): Promise<void> {
  await vault.aead('records').open(tombstone, place(vault, 'tombstone', at));
}

function place(vault: Vault, what: 'record' | 'tombstone', { table, id, version }: RecordPlace): string {
  if (!Number.isSafeInteger(version) || version < 1 || version > MAX_VERSION)
    throw new RangeError(`a version is 1 to ${MAX_VERSION}`);
  return associatedData(`adiuva/${what}/1`, vault.userId, table, id, version);
}
