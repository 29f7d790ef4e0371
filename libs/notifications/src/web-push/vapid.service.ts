import { createECDH, createPrivateKey, hkdfSync, sign, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConfigurationError, ServerConfig } from '@adiuva/config';
import { ServerKeys } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const TOKEN_SECONDS = 12 * 3_600;
const FALLBACK_SUBJECT = 'mailto:webmaster@localhost';

/**
 * Voluntary application server identification (RFC 8292). Subscriptions are bound to the key pair: it comes from the settings, or from a key
 * that the installation keeps for its whole life.
 */
@Injectable()
export class Vapid {
  private pair: KeyPair | undefined;

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
  authorization(endpoint: URL, now = Date.now()): string {
    const { publicKey, privateKey } = this.keyPair;
    const claims = { aud: endpoint.origin, exp: Math.floor(now / 1000) + TOKEN_SECONDS, sub: this.subject };
    const signed = [{ typ: 'JWT', alg: 'ES256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey}`;
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
