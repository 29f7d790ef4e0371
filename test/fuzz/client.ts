import { randomUUID } from 'node:crypto';
import type { Tier } from '@adiuva/kernel';
import { PASSWORD as EXAMPLE_PASSWORD } from '../support/app';
import type { HttpAnswer, HttpClient } from './http-client';
import type { World } from './world';

/** Not that of the examples in the document, with which an account could be deleted. */
export const PASSWORD = `${EXAMPLE_PASSWORD}, and back`;

/** The server that is fuzzed. */
export interface Target {
  readonly url: string;
  readonly http: HttpClient;
  readonly query: <R>(sql: string, values?: readonly unknown[]) => Promise<R[]>;
  /** Sets the tier of a user, with seats for a team. */
  readonly setTier: (userId: string, tier: Tier) => Promise<void>;
  /** Of an administrator whom no random request touches. */
  readonly adminToken: () => Promise<string>;
  /** Absent where the server calls no other services. */
  readonly world?: World;
}

export interface Account {
  readonly email: string;
  readonly id: string;
  accessToken: string;
  refreshToken: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A request that prepares another one was refused. */
export class NotPrepared extends Error {}

/** JSON of the server, read without a schema. */
export type Json = ReturnType<typeof JSON.parse>;

/** One user of the fuzzed server, who sends the requests that make others possible. */
export class FuzzClient {
  /** Values of path parameters that exist, by the path up to the parameter. */
  readonly made = new Map<string, string[]>();

  private constructor(
    readonly target: Target,
    readonly account: Account,
    readonly tier: Tier,
  ) {}

  static async register(target: Target, tier: Tier = 'free', fields: object = {}): Promise<FuzzClient> {
    const email = `fuzz-${randomUUID()}@example.org`;
    const body = { email, password: PASSWORD, ...fields };
    const tokens: Tokens = bodyOf(await send(target, 'post', '/auth/register', body), 'registration');
    const { id }: { id: string } = bodyOf(
      await send(target, 'get', '/auth/me', undefined, {}, tokens.access_token),
      'profile',
    );
    const account = { id, email, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
    if (tier !== 'free') await target.setTier(id, tier);
    return new FuzzClient(target, account, tier);
  }

  /** What is not there for a server without other services. */
  get world(): World {
    if (!this.target.world) throw new NotPrepared('no other services');
    return this.target.world;
  }

  /** With a token of a new session. */
  async renewed(): Promise<FuzzClient> {
    const { email, id } = this.account;
    const tokens: Tokens = await this.call('post', '/auth/login', { email, password: PASSWORD });
    const account = { email, id, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
    return new FuzzClient(this.target, account, this.tier);
  }

  async isAlive(): Promise<boolean> {
    return (await this.answer('get', '/auth/me')).status === 200;
  }

  answer(method: string, path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}) {
    return send(this.target, method, path, json, headers, this.account.accessToken);
  }

  /** The body of a successful response. */
  async call(
    method: string,
    path: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Json> {
    return bodyOf(await this.answer(method, path, json, headers), `${method} ${path}`);
  }

  /** A member of the body of a successful POST. */
  async post(path: string, json: unknown, member = 'id'): Promise<string> {
    return String((await this.call('post', path, json))[member]);
  }

  /** Waits for what background work does. */
  async until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (let left = MAX_LOOKS; left > 0; left -= 1) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new NotPrepared('background work has not ended');
  }

  /** What an administrator whom no random request touches may call. */
  async asAdmin(method: string, path: string, json?: unknown): Promise<Json> {
    const answer = await send(this.target, method, path, json, {}, await this.target.adminToken());
    return bodyOf(answer, `${method} ${path}`);
  }

  /** The first group of an expression in a mail to an address. */
  mailTo(address: string, wanted: RegExp): Promise<string> {
    return this.until(async () => {
      const { mails }: { mails: { to: string; text: string }[] } = await this.asAdmin('get', '/admin/outbox');
      return mails.flatMap(({ to, text }) => (to === address ? (wanted.exec(text)?.[1] ?? []) : []))[0];
    });
  }
}

const MAX_LOOKS = 60;
const LOOK_MS = 50;

function send(
  { http }: Target,
  method: string,
  path: string,
  json?: unknown,
  headers: Readonly<Record<string, string>> = {},
  token?: string,
): Promise<HttpAnswer> {
  const hasBody = json !== undefined;
  const body = json instanceof Buffer ? json : Buffer.from(hasBody ? JSON.stringify(json) : '');
  const type = hasBody ? { 'content-type': 'application/json' } : {};
  const request = { operation: '', method, path: `/api/v1${path}`, headers: { ...type, ...headers }, body, token };
  return http.send(request);
}

function bodyOf({ status, text }: HttpAnswer, what: string): Json {
  if (status >= 300) throw new NotPrepared(`${what}: ${status} ${text.slice(0, 200)}`);
  return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {};
}
