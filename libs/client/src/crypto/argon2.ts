/** A module of its own, so that bundles load it only when a password is used, and only this part of the library. */
export { argon2id } from 'hash-wasm';
