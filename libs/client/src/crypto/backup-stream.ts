import { concat, owned, randomBytes, utf8, type Bytes } from './bytes';
import { DecryptError } from './decrypt-error';
import { derive } from './derive';
import { associatedData } from './associated-data';
import type { Vault } from './vault';

const FORMAT = 0x01;
const SALT_LENGTH = 16;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER_LENGTH = 1 + SALT_LENGTH;

/** Plain bytes in a part; each part is sealed by itself so that nothing is ever whole in memory. */
export const BACKUP_PART = 1 << 20;
const SEALED_PART = IV_LENGTH + BACKUP_PART + TAG_LENGTH;

type GcmKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
type MacKey = GcmKey;

interface StreamKeys {
  readonly gcm: GcmKey;
  readonly mac: MacKey;
}

/** A fresh salt for one backup; keep it to make the same bytes again when an upload continues after a crash. */
export function newBackupSalt(): Bytes {
  return randomBytes(SALT_LENGTH);
}

/** The length of the sealed form of `plainLength` bytes. */
export function sealedBackupLength(plainLength: number): number {
  const parts = Math.max(1, Math.ceil(plainLength / BACKUP_PART));
  return HEADER_LENGTH + plainLength + parts * (IV_LENGTH + TAG_LENGTH);
}

/**
 * `0x01 || salt || parts`, a part being `IV || AES-256-GCM(≤ 1 MiB) || tag`. The IV is the start of an HMAC over number, last mark and
 * content (RFC 8452's idea of a synthetic IV): the same backup and salt give the same bytes, and a source that changed between two
 * passes can never reuse an IV. Number and last mark are bound, so parts cannot be reordered, dropped or cut.
 */
export async function* sealBackup(vault: Vault, salt: Bytes, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  const keys = await streamKeys(vault, salt);
  yield concat(Uint8Array.of(FORMAT), salt);
  let number = 0;
  for await (const { bytes, last } of inParts(plain, BACKUP_PART)) {
    const label = associatedData('adiuva/backup/1', vault.userId, number, last ? 'last' : 'more');
    const mac = await crypto.subtle.sign('HMAC', keys.mac, concat(utf8(label), bytes));
    const iv = new Uint8Array(mac).slice(0, IV_LENGTH);
    const parameters = { name: 'AES-GCM', iv, additionalData: utf8(label) };
    yield concat(iv, new Uint8Array(await crypto.subtle.encrypt(parameters, keys.gcm, bytes)));
    number += 1;
  }
}

/** Throws `DecryptError` before giving out any part that was not sealed for this place; a cut stream fails at its end. */
export async function* openBackup(vault: Vault, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  let keys: StreamKeys | undefined;
  let number = 0;
  for await (const { bytes, last } of inParts(sealed, SEALED_PART, HEADER_LENGTH)) {
    if (!keys) {
      if (bytes.length !== HEADER_LENGTH || bytes[0] !== FORMAT || last) throw new DecryptError('the backup');
      keys = await streamKeys(vault, bytes.slice(1));
    } else {
      yield await openPart(
        keys,
        associatedData('adiuva/backup/1', vault.userId, number, last ? 'last' : 'more'),
        bytes,
      );
      number += 1;
    }
  }
}

async function openPart(keys: StreamKeys, label: string, bytes: Bytes): Promise<Bytes> {
  const parameters = { name: 'AES-GCM', iv: bytes.slice(0, IV_LENGTH), additionalData: utf8(label) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, keys.gcm, bytes.slice(IV_LENGTH)));
  } catch (cause) {
    throw new DecryptError('the backup', { cause });
  }
}

async function streamKeys(vault: Vault, salt: Bytes): Promise<StreamKeys> {
  const base = concat(vault.key('backup'), salt);
  const [gcm, mac] = await Promise.all([
    crypto.subtle.importKey('raw', derive(base, 'adiuva/backup/1/gcm'), 'AES-GCM', false, ['encrypt', 'decrypt']),
    crypto.subtle.importKey('raw', derive(base, 'adiuva/backup/1/iv'), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]),
  ]);
  return { gcm, mac };
}

/** Cuts a stream into parts of exactly `size` bytes, after a first one of `first`; the last may be shorter and is marked. */
async function* inParts(
  source: AsyncIterable<Uint8Array>,
  size: number,
  first: number = size,
): AsyncGenerator<{ readonly bytes: Bytes; readonly last: boolean }> {
  let part = new Uint8Array(first);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      if (filled === part.length) {
        yield { bytes: part, last: false };
        part = new Uint8Array(size);
        filled = 0;
      }
      const taken = chunk.subarray(at, at + part.length - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield { bytes: owned(part.subarray(0, filled)), last: true };
}
