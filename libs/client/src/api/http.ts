import { problemOf, type ApiProblem } from './problem';

/** Where the access token comes from. `renew` is asked once after a 401 and says whether there is a new one. */
export interface TokenSource {
  current(signal?: AbortSignal): Promise<string | undefined>;
  renew(spent: string): Promise<string | undefined>;
}

export interface HttpOptions {
  /** Origin of the server, such as `https://api.example.org`; paths are under `/api/v1`. */
  readonly baseUrl: string;
  /** Another `fetch`, for tests or proxies. */
  readonly fetch?: typeof fetch;
  /** Milliseconds until a request without an answer is given up; 60,000 by default. Streams are not limited. */
  readonly timeoutMs?: number;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

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
  /** Makes a POST safe to repeat when its answer was lost. */
  readonly idempotencyKey?: string;
  /**
   * For work that may take longer than any connection lives, and is the same however often it is asked for: asked again, with growing
   * pauses, until there is an answer or `signal` ends it.
   */
  readonly patient?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const PREFIX = '/api/v1';
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;
const MAX_WAIT_MS = 20_000;
const FIRST_WAIT_MS = 250;
const MAX_PAUSE_MS = 30_000;

/**
 * Requests to the server: with the access token, renewed once when it is refused; with problems as errors; repeated where that is safe
 * (reads, replacements, deletions, POSTs with an idempotency key, and patient ones) when the connection broke or the server asked to wait.
 */
export class Http {
  private readonly fetch: typeof fetch;

  constructor(
    private readonly options: HttpOptions,
    private readonly tokens: TokenSource,
  ) {
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** The JSON of a success, which the caller knows the shape of from the server's OpenAPI document. Throws `ApiProblem`. */
  async json<T>(method: Method, path: string, call: Call = {}): Promise<T> {
    const response = await this.send(method, path, call);
    const text = await response.text();
    // The one place where an answer of our own server gets its type, generated from the server's document.
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A success as it came: for bytes, headers and 304. Throws `ApiProblem`. */
  async send(method: Method, path: string, call: Call = {}): Promise<Response> {
    const repeatable = method !== 'POST' || call.idempotencyKey !== undefined || call.patient === true;
    const attempts = call.patient === true ? Infinity : ATTEMPTS;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt(method, path, call);
      if (outcome instanceof Response) return outcome;
      if (!repeatable || attempt >= attempts || !outcome.passing) throw outcome.error;
      await pause(outcome.waitMs ?? Math.min(FIRST_WAIT_MS * 4 ** (attempt - 1), MAX_PAUSE_MS), call.signal);
    }
  }

  url(path: string, query: Call['query'] = {}): string {
    const url = new URL(PREFIX + path, this.options.baseUrl);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url.href;
  }

  private async attempt(method: Method, path: string, call: Call): Promise<Response | Failure> {
    try {
      const response = await this.authorized(method, path, call);
      if (response.ok || response.status === 304) return response;
      return failureOf(await problemIn(response), call.patient === true);
    } catch (error) {
      // What fetch throws is a lost connection, but for the caller's own wish to stop.
      call.signal?.throwIfAborted();
      return { error, passing: error instanceof TypeError || isTimeout(error) };
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

  private once(method: Method, path: string, call: Call, token: string | undefined): Promise<Response> {
    const headers = new Headers(definedOnly(call.headers));
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (call.idempotencyKey !== undefined) headers.set('idempotency-key', call.idempotencyKey);
    if (call.bytes) headers.set('content-type', 'application/octet-stream');
    else if (call.body !== undefined) headers.set('content-type', 'application/json');
    const body = call.form ?? call.bytes ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    return this.fetch(this.url(path, call.query), { method, headers, signal, ...(body === undefined ? {} : { body }) });
  }
}

interface Failure {
  readonly error: unknown;
  /** Whether a repeat may go better. */
  readonly passing: boolean;
  readonly waitMs?: number | undefined;
}

function failureOf(error: ApiProblem, patient: boolean): Failure {
  const waitMs = error.retryAfterMs;
  const asked = error.status === 429 || error.status === 503;
  // What a proxy says whose server is away, or takes long.
  const proxied = error.status === 504 || (error.status === 502 && error.code === 'unknown');
  return { error, waitMs, passing: patient ? asked || proxied : asked && (waitMs ?? 0) <= MAX_WAIT_MS };
}

async function problemIn(response: Response): Promise<ApiProblem> {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const body: unknown = await response.json().catch(() => undefined);
  return problemOf(response.status, body, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

function definedOnly(headers: Call['headers'] = {}): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
}

/** Throws the signal's reason when it ends the pause. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
  signal?.throwIfAborted();
}
