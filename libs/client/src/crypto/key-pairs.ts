import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { owned, randomBytes, toHex, utf8, type Bytes } from './bytes';
import { associatedData } from './associated-data';

/** A key pair: X25519 (results are sealed to it) or Ed25519 (it signs device keys). All keys are 32 bytes. */
export interface KeyPair {
  readonly publicKey: Bytes;
  readonly privateKey: Bytes;
}

/** X25519 (RFC 7748). A device keeps the private half in the keychain of its system. */
export function newSealingPair(): KeyPair {
  const privateKey = randomBytes(32);
  return { privateKey, publicKey: owned(x25519.getPublicKey(privateKey)) };
}

/** Ed25519 (RFC 8032): the account's identity, whose private half lies sealed in the keyring. */
export function newIdentityPair(): KeyPair {
  const privateKey = randomBytes(32);
  return { privateKey, publicKey: owned(ed25519.getPublicKey(privateKey)) };
}

/** The identity vouches for a device's public key, so that a server cannot add a device of its own. */
export function signDevice(identity: KeyPair, userId: string, devicePublicKey: Uint8Array): Bytes {
  return owned(ed25519.sign(deviceMessage(userId, devicePublicKey), identity.privateKey));
}

/** Whether the account's identity vouched for this device; never seal to a device for which this is false. */
export function isVouchedFor(
  identityKey: Uint8Array,
  userId: string,
  devicePublicKey: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== 64 || identityKey.length !== 32) return false;
  return ed25519.verify(signature, deviceMessage(userId, devicePublicKey), identityKey, { zip215: false });
}

function deviceMessage(userId: string, devicePublicKey: Uint8Array): Uint8Array {
  return utf8(associatedData('adiuva/device/1', userId, toHex(devicePublicKey)));
}
