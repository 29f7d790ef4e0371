import { associatedData } from './associated-data';
import type { Bytes } from './bytes';
import type { Vault } from './vault';

/** Where a record belongs. `version` counts from 1 and rises by one with every update. */
export interface RecordPlace {
  readonly table: string;
  readonly id: string;
  readonly version: number;
}

/** Bound to user, table, id and version: a server cannot swap two records or pass an old state off as the present version. */
export function sealRecord(vault: Vault, at: RecordPlace, plain: Uint8Array): Promise<Bytes> {
  return vault.aead('records').seal(plain, recordPlace(vault, at));
}

/** Throws `DecryptError` unless the bytes were sealed by this account for exactly this place. */
export function openRecord(vault: Vault, at: RecordPlace, sealed: Uint8Array): Promise<Bytes> {
  return vault.aead('records').open(sealed, recordPlace(vault, at));
}

function recordPlace(vault: Vault, { table, id, version }: RecordPlace): string {
  if (!Number.isSafeInteger(version) || version < 1) throw new RangeError('versions count from 1');
  return associatedData('adiuva/record/1', vault.userId, table, id, version);
}
