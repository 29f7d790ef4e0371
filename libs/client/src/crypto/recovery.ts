import { ed25519 } from '@noble/curves/ed25519.js';
import { derive } from './derive';
import { owned, randomBytes, utf8, type Bytes } from './bytes';
import type { KeyPair } from './key-pairs';

const ENTROPY_LENGTH = 32;

/** 24 English words with a checksum (BIP 39): 32 random bytes that a person can write down. */
export async function newRecoveryWords(): Promise<string> {
  const { wordsOf } = await import('./mnemonic');
  return wordsOf(randomBytes(ENTROPY_LENGTH));
}

/** The key that unwraps the account key. Throws when a word is unknown, missing or mistyped: the words carry a checksum. */
export async function recoveryKey(words: string): Promise<Bytes> {
  return derive(await entropyOf(words), 'adiuva/account/1/recovery');
}

/** Ed25519: signs the server's challenge when the password is lost; the server keeps the public half. */
export async function recoveryPair(words: string): Promise<KeyPair> {
  const privateKey = derive(await entropyOf(words), 'adiuva/account/1/recovery-signature');
  return { privateKey, publicKey: owned(ed25519.getPublicKey(privateKey)) };
}

export function signRecovery(pair: KeyPair, ...lines: readonly string[]): Bytes {
  return owned(ed25519.sign(utf8(['adiuva account recovery 1', ...lines, ''].join('\n')), pair.privateKey));
}

async function entropyOf(words: string): Promise<Bytes> {
  const { entropyIn } = await import('./mnemonic');
  const entropy = owned(entropyIn(words.trim().toLowerCase().split(/\s+/).join(' ')));
  if (entropy.length !== ENTROPY_LENGTH) throw new RangeError('a recovery key has 24 words');
  return entropy;
}
