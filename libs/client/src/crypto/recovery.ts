import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { derive } from './derive';
import { owned, randomBytes, type Bytes } from './bytes';

const ENTROPY_LENGTH = 32;

/** 24 English words with a checksum (BIP 39): 32 random bytes that a person can write down. */
export function newRecoveryWords(): string {
  return entropyToMnemonic(randomBytes(ENTROPY_LENGTH), wordlist);
}

/** The key that unwraps the account key. Throws when a word is unknown, missing or mistyped: the words carry a checksum. */
export function recoveryKey(words: string): Bytes {
  const entropy = owned(mnemonicToEntropy(words.trim().toLowerCase().split(/\s+/).join(' '), wordlist));
  if (entropy.length !== ENTROPY_LENGTH) throw new RangeError('a recovery key has 24 words');
  return derive(entropy, 'adiuva/account/1/recovery');
}
