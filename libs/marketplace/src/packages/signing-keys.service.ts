import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '@adiuva/config';
import { ServerKeys } from '@adiuva/platform';
import { MarketplaceConfig } from '../marketplace.config';
import { keyIdOf, signPackage, type PackageStatement } from './signed-package';

/** A public key of the store: an Ed25519 point of 32 bytes. */
export interface StoreKey {
  readonly id: string;
  readonly publicKey: Buffer;
}

export interface PackageSignature {
  readonly keyId: string;
  readonly bytes: Buffer;
}

interface Held extends StoreKey {
  readonly key: KeyObject;
}

/** The start of a PKCS #8 Ed25519 key (RFC 8410); the 32 bytes of the seed follow. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const POINT_BYTES = 32;

/** The keys that sign packages: one signs, the one before it is still published. */
@Injectable()
export class SigningKeys {
  private readonly configured: Held | null;
  private readonly previous: Held | null;
  private derived: Held | null = null;

  constructor(
    config: MarketplaceConfig,
    private readonly keys: ServerKeys,
  ) {
    const { PLUGIN_SIGNING_KEY: pem, PLUGIN_SIGNING_KEY_PREVIOUS: before } = config;
    this.configured = pem === undefined ? null : fromPem('PLUGIN_SIGNING_KEY', pem);
    this.previous = before === undefined ? null : fromPem('PLUGIN_SIGNING_KEY_PREVIOUS', before);
  }

  /** Every key whose signatures are valid, the signing one first. */
  publicKeys(): readonly StoreKey[] {
    return this.previous ? [this.current, this.previous] : [this.current];
  }

  sign(statement: PackageStatement): PackageSignature {
    return { keyId: this.current.id, bytes: signPackage(statement, this.current.key) };
  }

  /** Derived when it is first used: only then has the installation loaded the keys that stay when MASTER_KEY changes. */
  private get current(): Held {
    if (this.configured) return this.configured;
    const key = (): Buffer => Buffer.concat([PKCS8_PREFIX, this.keys.key('plugin-signing')]);
    return (this.derived ??= held(createPrivateKey({ key: key(), format: 'der', type: 'pkcs8' })));
  }
}

function fromPem(name: string, pem: string): Held {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return held(key);
  } catch {
    // Reported below, without the value.
  }
  throw new ConfigurationError([`${name}: must be a PEM Ed25519 private key`]);
}

function held(key: KeyObject): Held {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-POINT_BYTES);
  return { id: keyIdOf(publicKey), publicKey, key };
}
