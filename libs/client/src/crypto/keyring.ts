import { Aead } from './aead';
import { fromBase64, fromUtf8, toBase64, utf8, type Bytes } from './bytes';
import { DecryptError } from './decrypt-error';
import { newIdentityPair, newSealingPair, type KeyPair } from './key-pairs';
import { associatedData } from './associated-data';
import { newRecoveryWords, recoveryKey } from './recovery';
import { Vault } from './vault';

/** Version 1 of the keyring: wrapped keys in base64. It is opaque to the server, which keeps it as at most 64 KiB of base64. */
export interface Keyring {
  readonly v: 1;
  /** Wraps of the account key. During a change of password `password` holds two, so that neither password locks the user out. */
  readonly accountKey: { readonly password: readonly string[]; readonly recovery: string };
  readonly sealing: SealedPair;
  readonly identity: SealedPair;
}

/** A key pair whose private half is sealed under the account key. */
export interface SealedPair {
  readonly publicKey: string;
  readonly sealed: string;
}

export interface NewKeyring {
  readonly keyring: Keyring;
  readonly vault: Vault;
  /** Shown to the user once; only the user keeps them. */
  readonly recoveryWords: string;
}

type Wrap = 'password' | 'recovery';
type Pair = 'sealing' | 'identity';

/** A new account: a random account key, wrapped by the password and by recovery words, and its key pairs. */
export async function createKeyring(userId: string, keyEncryptionKey: Bytes, givenWords?: string): Promise<NewKeyring> {
  const recoveryWords = givenWords ?? (await newRecoveryWords());
  const vault = Vault.create(userId);
  const keyring: Keyring = {
    v: 1,
    accountKey: {
      password: [await wrap(vault, keyEncryptionKey, 'password')],
      recovery: await wrap(vault, await recoveryKey(recoveryWords), 'recovery'),
    },
    sealing: await sealPair(vault, 'sealing', newSealingPair()),
    identity: await sealPair(vault, 'identity', newIdentityPair()),
  };
  return { keyring, vault, recoveryWords };
}

/** Throws `DecryptError` when no wrap opens: another password, another user, or a keyring that was tampered with. */
export async function unlockWithPassword(userId: string, keyring: Keyring, keyEncryptionKey: Bytes): Promise<Vault> {
  for (const wrapped of keyring.accountKey.password) {
    const vault = await unwrap(userId, wrapped, keyEncryptionKey, 'password').catch(onlyDecryptError);
    if (vault) return vault;
  }
  throw new DecryptError('the account key');
}

export async function unlockWithRecovery(userId: string, keyring: Keyring, words: string): Promise<Vault> {
  return unwrap(userId, keyring.accountKey.recovery, await recoveryKey(words), 'recovery');
}

/** The keyring with a wrap for a new password; the old ones stay beside it when `keepOld`, until the change is acknowledged. */
export async function withPassword(keyring: Keyring, vault: Vault, key: Bytes, keepOld: boolean): Promise<Keyring> {
  const fresh = await wrap(vault, key, 'password');
  const password = keepOld ? [fresh, ...keyring.accountKey.password] : [fresh];
  return { ...keyring, accountKey: { ...keyring.accountKey, password } };
}

/** The keyring without wraps of former passwords. Undefined when it has none, or when this password is not the newest of them. */
export async function withoutFormerPasswords(
  keyring: Keyring,
  userId: string,
  key: Bytes,
): Promise<Keyring | undefined> {
  const [newest = '', ...former] = keyring.accountKey.password;
  if (former.length === 0) return undefined;
  const isNewest = await unwrap(userId, newest, key, 'password').catch(onlyDecryptError);
  return isNewest && { ...keyring, accountKey: { ...keyring.accountKey, password: [newest] } };
}

/** The keyring with new recovery words in place of the old ones. */
export async function withRecovery(
  keyring: Keyring,
  vault: Vault,
): Promise<{ readonly keyring: Keyring; readonly recoveryWords: string }> {
  const recoveryWords = await newRecoveryWords();
  const recovery = await wrap(vault, await recoveryKey(recoveryWords), 'recovery');
  return { keyring: { ...keyring, accountKey: { ...keyring.accountKey, recovery } }, recoveryWords };
}

export async function openPair(vault: Vault, keyring: Keyring, pair: Pair): Promise<KeyPair> {
  const { publicKey, sealed } = keyring[pair];
  const privateKey = await vault.aead('keyring').open(fromBase64(sealed), pairPlace(vault, pair, publicKey));
  return { publicKey: fromBase64(publicKey), privateKey };
}

/** The keyring as the server keeps it: base64 of JSON. */
export function encodeKeyring(keyring: Keyring): string {
  return toBase64(utf8(JSON.stringify(keyring)));
}

/** Throws a `RangeError` on anything but version 1; a newer client's keyring is never overwritten by an older client. */
export function decodeKeyring(text: string): Keyring {
  const value = jsonIn(text);
  if (!isKeyring(value)) throw new RangeError('this keyring is of a version that this client does not know');
  return value;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64(text)));
  } catch {
    return undefined;
  }
}

async function wrap(vault: Vault, key: Bytes, by: Wrap): Promise<string> {
  return toBase64(await vault.wrap(new Aead(key, 'the account key'), wrapPlace(vault.userId, by)));
}

async function unwrap(userId: string, wrapped: string, key: Bytes, by: Wrap): Promise<Vault> {
  const aead = new Aead(key, 'the account key');
  return new Vault(userId, await aead.open(fromBase64(wrapped), wrapPlace(userId, by)));
}

async function sealPair(vault: Vault, pair: Pair, keys: KeyPair): Promise<SealedPair> {
  const publicKey = toBase64(keys.publicKey);
  const sealed = await vault.aead('keyring').seal(keys.privateKey, pairPlace(vault, pair, publicKey));
  return { publicKey, sealed: toBase64(sealed) };
}

function wrapPlace(userId: string, by: Wrap): string {
  return associatedData('adiuva/keyring/1', userId, by);
}

/** The public half is bound too, so a server cannot put its own public key beside the user's private one. */
function pairPlace(vault: Vault, pair: Pair, publicKey: string): string {
  return associatedData('adiuva/keyring/1', vault.userId, pair, publicKey);
}

function onlyDecryptError(error: unknown): undefined {
  if (!(error instanceof DecryptError)) throw error;
}

function isKeyring(value: unknown): value is Keyring {
  if (!isObject(value) || value['v'] !== 1) return false;
  const accountKey = value['accountKey'];
  if (!isObject(accountKey) || typeof accountKey['recovery'] !== 'string') return false;
  const passwords = accountKey['password'];
  if (!Array.isArray(passwords) || !passwords.every((wrapped) => typeof wrapped === 'string')) return false;
  return isSealedPair(value['sealing']) && isSealedPair(value['identity']);
}

function isSealedPair(value: unknown): value is SealedPair {
  return isObject(value) && typeof value['publicKey'] === 'string' && typeof value['sealed'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
