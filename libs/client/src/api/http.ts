import { ConnectionProblem } from '../client-error';
import { problemOf, type ApiProblem } from './problem';
import { afterPause, Deadline, isNamed } from './timing';

/** Where the access token comes from. `renew` is called once after a 401 and tells whether there is a new one. */
export interface TokenSource {
  current(signal?: AbortSignal): Promise<string | undefined>;
  renew(spent: string): Promise<string | undefined>;
}

export interface HttpOptions {
  /** Address of the server, such as `https://api.example.org` or `https://example.org/adiuva`; `/api/v1` is appended. */
  readonly baseUrl: string;
  /** Another `fetch`, for tests or proxies. */
  readonly fetch?: typeof fetch;
  /**
   * Milliseconds without progress after which a request fails: until the headers (longer for a large body, at 8 KiB a second) and
   * between two pieces of a response. 60,000 by default. There is no limit on the whole.
   */
  readonly timeoutMs?: number;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  readonly body?: unknown;
  /** A multipart form, instead of JSON. */
  readonly form?: FormData;
  /** Sent as they are, instead of JSON. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent without an access token. */
  readonly anonymous?: boolean;
  /** Makes a POST safe to repeat when its response was lost. */
  readonly idempotencyKey?: string;
  /** Changes nothing on the server, although it is a POST: safe to repeat. */
  readonly readOnly?: boolean;
  /** Background work: waits as long as a 429 asks, instead of 20 seconds at most. */
  readonly background?: boolean;
  /**
   * For work that may take longer than any connection lives, and is the same however often it is requested: repeated, with growing
   * pauses, until there is a response or `signal` ends it.
   */
  readonly patient?: boolean;
  /** A redirect is a success, and is not followed. */
  readonly isRedirect?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const PREFIX = '/api/v1';
const TIMEOUT_MS = 60_000;
const MIN_BYTES_PER_MS = 8;
const ATTEMPTS = 3;
const MAX_WAIT_MS = 20_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1_000;
const MANUAL = { redirect: 'manual' } as const;

/**
 * Requests to the server: with the access token, renewed once when it is refused; with problems as errors; repeated where that is safe
 * (reads, replacements, deletions, POSTs with an idempotency key, and patient ones) when the connection broke or the server asked to wait.
 */
export class Http {
  private readonly fetch: typeof fetch;
  private readonly base: string;
  private readonly timeoutMs: number;

  constructor(
    options: HttpOptions,
    private readonly tokens: TokenSource,
  ) {
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.base = options.baseUrl.replace(/\/+$/, '') + PREFIX;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** The JSON of a success, whose shape the caller knows from the OpenAPI document. Throws `ApiProblem`, `ConnectionProblem`. */
  async json<T>(method: Method, path: string, call: Call = {}): Promise<T> {
    const text = await this.repeated(method, path, call, (response) => response.text());
    // The one place where a response of our own server gets its type, generated from the server's document.
    return (text === '' ? undefined : parsed(text)) as T;
  }

  /** A success with its headers, or a 304; its body fails after `timeoutMs` without a piece. Throws `ApiProblem`, `ConnectionProblem`. */
  send(method: Method, path: string, call: Call = {}): Promise<Response> {
    return this.repeated(method, path, call, (response) => Promise.resolve(response));
  }

  url(path: string, query: Call['query'] = {}): string {
    const url = new URL(this.base + path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url.href;
  }

  private async repeated<T>(
    method: Method,
    path: string,
    call: Call,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const repeatable =
      (method !== 'POST' && method !== 'PATCH') || call.idempotencyKey !== undefined || call.readOnly || call.patient;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt(method, path, call, read);
      if ('value' in outcome) return outcome.value;
      // Waiting for its budget is no failed attempt of background work.
      if (outcome.overBudget) attempt -= 1;
      else if (!repeatable || !outcome.temporary || (attempt >= ATTEMPTS && !call.patient)) throw outcome.error;
      const pauseMs = outcome.waitMs ?? Math.min(FIRST_PAUSE_MS * 4 ** (attempt - 1), MAX_PAUSE_MS);
      await afterPause(pauseMs, call.signal);
    }
  }

  private async attempt<T>(
    method: Method,
    path: string,
    call: Call,
    read: (response: Response) => Promise<T>,
  ): Promise<{ readonly value: T } | Failure> {
    try {
      const response = await this.authorized(method, path, call);
      if (response.ok || response.status === 304 || (call.isRedirect && isRedirect(response)))
        return { value: await read(response) };
      return failureOf(await problemIn(response), call);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (error instanceof ConnectionProblem) return { error, temporary: true };
      // What `fetch` throws is a lost connection, or a time limit of its own.
      if (!isNamed(error, 'TypeError') && !isNamed(error, 'TimeoutError')) throw error;
      return {
        error: new ConnectionProblem('unreachable', 'The server cannot be reached', { cause: error }),
        temporary: true,
      };
    }
  }

  private async authorized(method: Method, path: string, call: Call): Promise<Response> {
    if (call.anonymous) return this.once(method, path, call, undefined);
    const token = await this.tokens.current(call.signal);
    const response = await this.once(method, path, call, token);
    if (response.status !== 401 || token === undefined) return response;
    const renewed = await this.tokens.renew(token);
    if (renewed === undefined) return response;
    await response.body?.cancel();
    return this.once(method, path, call, renewed);
  }

  private async once(method: Method, path: string, call: Call, token: string | undefined): Promise<Response> {
    const headers = new Headers(definedOnly(call.headers));
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (call.idempotencyKey !== undefined) headers.set('idempotency-key', call.idempotencyKey);
    if (call.bytes) headers.set('content-type', 'application/octet-stream');
    else if (call.body !== undefined) headers.set('content-type', 'application/json');
    const body = call.form ?? call.bytes ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const deadline = new Deadline(this.timeoutMs, call.signal);
    const init = {
      method,
      headers,
      signal: deadline.signal,
      ...(body === undefined ? {} : { body }),
      ...(call.isRedirect ? MANUAL : {}),
    };
    return deadline.guard(
      await deadline.race(this.fetch(this.url(path, call.query), init), sizeOf(body) / MIN_BYTES_PER_MS),
    );
  }
}

interface Failure {
  readonly error: unknown;
  /** Whether a repeat may succeed. */
  readonly temporary: boolean;
  readonly waitMs?: number | undefined;
  readonly overBudget?: boolean;
}

function failureOf(error: ApiProblem, { patient, background }: Call): Failure {
  const waitMs = error.retryAfterMs;
  const asked = error.status === 429 || error.status === 503;
  // What a proxy answers whose server is away, or slow.
  const proxied = error.status === 504 || (error.status === 502 && error.code === 'unknown');
  if (error.status === 429 && background) return { error, waitMs, temporary: true, overBudget: true };
  if (patient) return { error, waitMs, temporary: asked || proxied };
  return { error, waitMs, temporary: asked && (waitMs ?? 0) <= MAX_WAIT_MS };
}

async function problemIn(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  return problemOf(response.status, body, retryAfterMs(response.headers.get('retry-after')));
}

/** Seconds, or a date (RFC 9110, 10.2.3); a day at most, because a timer takes no more than 24 days. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** What is no JSON comes from a proxy or a sign-in page of a network. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConnectionProblem('damaged', 'The answer is not that of the server', { cause });
  }
}

/** Browsers show nothing of a redirect but that it is one. */
function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || status === 302;
}

function definedOnly(headers: Call['headers'] = {}): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function sizeOf(body: FormData | Uint8Array | string | undefined): number {
  if (typeof body === 'string' || body instanceof Uint8Array) return body.length;
  return body === undefined
    ? 0
    : [...body.values()].reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.size), 0);
}

export function ifMatch(version: number | undefined): Record<string, string> {
  return version === undefined ? {} : { 'if-match': `"${version}"` };
}
