import { randomUUID } from 'node:crypto';
import type request from 'supertest';
import { signatureOf } from '@adiuva/gateway';
import type { TestApp } from '../support/app';

export const HMAC_SECRET = 'of the gateway, 0123456789abcdef0123';
export const HMAC_PREVIOUS = 'before the last change, 0123456789abcdef';
export const AGENT_SECRET = 'shared with the worker, 0123456789abcdef';

interface Options {
  readonly secret?: string;
  readonly timestamp?: string;
  /** Of the time of sending. */
  readonly offsetMs?: number;
  readonly nonce?: string;
  readonly token?: string;
  readonly body?: object;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly signedPath?: string;
  readonly signedMethod?: string;
  readonly signedBody?: string;
  /** Of the signature; null leaves the header out. */
  readonly version?: string | null;
}

/** A request to the gateway, signed as a worker does; options make it wrong in one way. */
export class SignedCall {
  private options: Options = {};

  constructor(
    private readonly app: TestApp,
    private readonly method: 'get' | 'post',
    private readonly path: string,
  ) {}

  with(options: Options): this {
    this.options = options;
    return this;
  }

  send(): request.Test {
    const { secret = HMAC_SECRET, offsetMs = 0, nonce = randomUUID(), token, version } = this.options;
    const timestamp = this.options.timestamp ?? String(Date.now() + offsetMs);
    const body = this.options.raw ?? (this.options.body === undefined ? '' : JSON.stringify(this.options.body));
    const content = {
      timestamp,
      nonce,
      method: this.options.signedMethod ?? this.method.toUpperCase(),
      path: this.options.signedPath ?? `/api/v1${this.path}`,
      body: Buffer.from(this.options.signedBody ?? body),
    };
    const call = this.app.call(this.method, this.path).set('X-Timestamp', timestamp).set('X-Nonce', nonce);
    if (token !== undefined) call.set('X-Agent-Token', token);
    if (version !== null) call.set('X-Signature', `${version ?? 'v1'}=${signatureOf(secret, content)}`);
    return body === '' ? call : call.set('Content-Type', 'application/json').send(body);
  }
}
