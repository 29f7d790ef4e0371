import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { derive } from './derive';
import { owned, randomBytes, utf8, type Bytes } from './bytes';
import type { KeyPair } from './key-pairs';

const ENTROPY_LENGTH = 32;

/** 24 English words with a checksum (BIP 39): 32 random bytes that a person can write down. */
export function newRecoveryWords(): string {
  return entropyToMnemonic(randomBytes(ENTROPY_LENGTH), wordlist);
}

/** The key that unwraps the account key. Throws when a word is unknown, missing or mistyped: the words carry a checksum. */
export function recoveryKey(words: string): Bytes {
  return derive(entropyOf(words), 'adiuva/account/1/recovery');
}

/** Ed25519: signs the server's challenge when the password is lost; the server keeps the public half. */
export function recoveryPair(words: string): KeyPair {
  const privateKey = derive(entropyOf(words), 'adiuva/account/1/recovery-signature');
  return { privateKey, publicKey: owned(ed25519.getPublicKey(privateKey)) };
}

export function signRecovery(pair: KeyPair, ...lines: readonly string[]): Bytes {
  return owned(ed25519.sign(utf8(['adiuva account recovery 1', ...lines, ''].join('\n')), pair.privateKey));
}

function entropyOf(words: string): Bytes {
  const entropy = owned(mnemonicToEntropy(words.trim().toLowerCase().split(/\s+/).join(' '), wordlist));
  if (entropy.length !== ENTROPY_LENGTH) throw new RangeError('a recovery key has 24 words');
  return entropy;
}
