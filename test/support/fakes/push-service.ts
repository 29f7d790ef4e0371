import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify, type ECDH } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '../builders/tls-certificate';

export interface PushedMessage {
  readonly browser: string;
  readonly topic: string;
  readonly urgency: string;
  readonly ttl: number;
  readonly payload: { id: string; title: string; body: string | null; urgency: string; url: string };
  readonly at: number;
}

interface Browser {
  readonly ecdh: ECDH;
  readonly auth: Buffer;
}

/** A push service and its browsers: checks VAPID (RFC 8292) and decrypts what arrives (RFC 8291), by code of its own. */
export class TestPushService {
  readonly messages: PushedMessage[] = [];
  /** Every byte that was sent here. */
  readonly requests: string[] = [];
  /** Status codes of the next answers; 201 when empty. 0 never answers. */
  readonly answers: number[] = [];
  /** Headers of those answers. */
  headers: Record<string, string> = {};
  readonly caFile: string;
  private readonly browsers = new Map<string, Browser>();
  private readonly server: Server;

  private constructor() {
    const { key, cert } = selfSignedCertificate();
    this.caFile = join(mkdtempSync(join(tmpdir(), 'adiuva-push-')), 'ca.pem');
    writeFileSync(this.caFile, cert);
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    this.server = createServer(
      { key, cert, keepAliveTimeout: 0 },
      (request, response) => void this.receive(request, response),
    );
  }

  static async start(): Promise<TestPushService> {
    const service = new TestPushService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', () => resolve()));
    return service;
  }

  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** For the environment of a server that may call this one. */
  get settings(): Record<string, string> {
    return { WEB_PUSH_PRIVATE_HOSTS: this.host, WEB_PUSH_CA_FILE: this.caFile };
  }

  /** A browser subscribes; what is sent to it is in `messages` under its name. */
  subscribe(name = randomBytes(6).toString('hex')) {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = randomBytes(16);
    this.browsers.set(name, { ecdh, auth });
    return {
      endpoint: `https://${this.host}/push/${name}`,
      keys: { p256dh: ecdh.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
    };
  }

  of(name: string): PushedMessage[] {
    return this.messages.filter(({ browser }) => browser === name);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests.push(JSON.stringify(request.headers) + Buffer.concat(chunks).toString('latin1'));
    const answer = this.answers.shift() ?? 201;
    if (answer === 0) return;
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    const browser = this.browsers.get(name);
    const fault = browser ? faultOf(request, `https://${this.host}`) : undefined;
    if (answer !== 201 || !browser || fault !== undefined) {
      response.writeHead(answer === 201 ? (browser ? 403 : 410) : answer, this.headers).end(fault);
      return;
    }
    this.messages.push({
      browser: name,
      topic: String(request.headers['topic']),
      urgency: String(request.headers['urgency']),
      ttl: Number(request.headers['ttl']),
      payload: JSON.parse(decryptPush(Buffer.concat(chunks), browser).toString('utf8')),
      at: Date.now(),
    });
    response.writeHead(201, { location: `https://${this.host}/message/1` }).end();
  }
}

function faultOf({ headers }: IncomingMessage, audience: string): string | undefined {
  if (headers['content-encoding'] !== 'aes128gcm') return 'content encoding';
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(headers.authorization ?? '');
  if (!match) return 'authorization';
  const [, head = '', body = '', signature = '', key = ''] = match;
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
    return 'signature';
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  const now = Date.now() / 1000;
  if (claims.aud !== audience || claims.exp < now || claims.exp > now + 86_400 || !/^(mailto:|https:)/.test(claims.sub))
    return 'claims';
  return undefined;
}

/** Of one record, as a browser does it. */
export function decryptPush(body: Buffer, { ecdh, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body.readUInt8(20));
  const content = body.subarray(21 + sender.length);
  const hmac = (key: Buffer, ...parts: Uint8Array[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
  const authKey = hmac(auth, ecdh.computeSecret(sender));
  const ikm = hmac(authKey, Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender, Buffer.of(1));
  const prk = hmac(salt, ikm);
  const key = hmac(prk, Buffer.from('Content-Encoding: aes128gcm\0'), Buffer.of(1)).subarray(0, 16);
  const nonce = hmac(prk, Buffer.from('Content-Encoding: nonce\0'), Buffer.of(1)).subarray(0, 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(content.subarray(content.length - 16));
  const plain = Buffer.concat([decipher.update(content.subarray(0, content.length - 16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2));
}
