import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import type { Checksum } from '@adiuva/kernel';

/** What the store vouches for: these bytes are this version of this plugin. */
export interface PackageStatement {
  readonly pluginId: string;
  readonly version: string;
  readonly checksum: Checksum;
  readonly sizeBytes: number;
}

/** The exact bytes that are signed; the words in front keep a signature from being taken for one of another kind. */
export function statementBytes({ pluginId, version, checksum, sizeBytes }: PackageStatement): Buffer {
  return Buffer.from(
    ['adiuva plugin package 1', pluginId, version, checksum, String(sizeBytes), ''].join('\n'),
    'utf8',
  );
}

/** Ed25519 (RFC 8032), 64 bytes. */
export function signPackage(statement: PackageStatement, key: KeyObject): Buffer {
  return sign(null, statementBytes(statement), key);
}

export function isSignedPackage(statement: PackageStatement, signature: Uint8Array, key: KeyObject): boolean {
  return verify(null, statementBytes(statement), key, signature);
}

/** Names a public key by what it is: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes. */
export function keyIdOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}
