import { createHash, sign, type KeyObject } from 'node:crypto';
import type { Checksum } from '@adiuva/kernel';

/** The signed statement: these bytes are this version of this plugin. */
export interface PackageStatement {
  readonly pluginId: string;
  readonly version: string;
  readonly checksum: Checksum;
  readonly sizeBytes: number;
}

/** The exact bytes that are signed; the prefix separates the domain from other signatures. */
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

/** The id of a public key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes. */
export function keyIdOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}
