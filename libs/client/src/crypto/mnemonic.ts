import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

// A module of its own, so that bundles load the word list only when recovery words are used.

export function wordsOf(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist);
}

/** Throws when a word is unknown, missing or mistyped: the words carry a checksum. */
export function entropyIn(words: string): Uint8Array {
  return mnemonicToEntropy(words, wordlist);
}
