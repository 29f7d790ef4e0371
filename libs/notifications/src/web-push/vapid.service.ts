import { createECDH, createPrivateKey, hkdfSync, sign, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ConfigurationError, ServerConfig } from '@adiuva/config';
import { entryLimit, ServerKeys } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const TOKEN_SECONDS = 12 * 3_600;
/** Signing is a tenth of the work of a message. */
const REUSE_MS = 3_600_000;
const MAX_TOKENS = 1_000;
const FALLBACK_SUBJECT = 'mailto:webmaster@localhost';

/**
 * Voluntary application server identification (RFC 8292). Subscriptions are bound to the key pair: it comes from the settings, or from a key
 * that the installation keeps for its whole life.
 */
@Injectable()
export class Vapid {
  private pair: KeyPair | undefined;
  /** By origin. A token may serve many messages (RFC 8292, section 2). */
  private readonly tokens = new LRUCache<string, string>({ ...entryLimit(MAX_TOKENS), ttl: REUSE_MS });

  constructor(
    private readonly config: NotificationsConfig,
    private readonly server: ServerConfig,
    private readonly keys: ServerKeys,
  ) {}

  /** base64url of the uncompressed point: the `applicationServerKey` of browsers. */
  get publicKey(): string {
    return this.keyPair.publicKey;
  }

  /** The value of the Authorization field for an endpoint. */
  authorization({ origin }: URL): string {
    const token = this.tokens.get(origin) ?? this.sign(origin);
    this.tokens.set(origin, token, { noUpdateTTL: true });
    return `vapid t=${token}, k=${this.publicKey}`;
  }

  private sign(origin: string): string {
    const claims = { aud: origin, exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS, sub: this.subject };
    const signed = [{ typ: 'JWT', alg: 'ES256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const { privateKey: key } = this.keyPair;
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  private get subject(): string {
    if (this.config.VAPID_SUBJECT !== undefined) return this.config.VAPID_SUBJECT;
    return this.server.publicUrl.startsWith('https://') ? this.server.publicUrl : FALLBACK_SUBJECT;
  }

  private get keyPair(): KeyPair {
    this.pair ??= this.load();
    return this.pair;
  }

  private load(): KeyPair {
    const { VAPID_PRIVATE_KEY: secret, VAPID_PUBLIC_KEY: published } = this.config;
    const scalar = secret === undefined ? this.derived() : Buffer.from(secret, 'base64url');
    try {
      const ecdh = createECDH('prime256v1');
      ecdh.setPrivateKey(scalar);
      const point = ecdh.getPublicKey();
      const publicKey = point.toString('base64url');
      if (published !== undefined && published !== publicKey) throw new Error('the halves differ');
      const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
      const jwk = { kty: 'EC', crv: 'P-256', d: scalar.toString('base64url'), x, y };
      return { publicKey, privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) };
    } catch {
      throw new ConfigurationError(['VAPID_PRIVATE_KEY: is not the private half of VAPID_PUBLIC_KEY']);
    }
  }

  /** A scalar from 1 to the order less one, from more bits than it has, so that none is likelier. */
  private derived(): Buffer {
    const bits = Buffer.from(hkdfSync('sha256', this.keys.key('vapid'), '', 'adiuva/vapid/1', 48));
    const scalar = (BigInt(`0x${bits.toString('hex')}`) % (ORDER - 1n)) + 1n;
    return Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  }
}
