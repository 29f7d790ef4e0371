import { Problem, type ProblemCode } from '@adiuva/kernel';

const LONGEST_RETRY_AFTER = 300;
const DEFAULT_RETRY_AFTER = 5;
const KEY_REFUSED = new Set([401, 402, 403]);
const OUR_REQUEST = new Set([400, 413, 415, 422]);

/** A provider's failure in our words. Nothing that the provider said is passed on. */
export class ModelFault extends Problem {
  constructor(
    code: ProblemCode,
    detail: string,
    readonly upstream: {
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly cause: unknown;
    },
  ) {
    const wait = upstream.retryAfterMs === undefined ? DEFAULT_RETRY_AFTER : Math.ceil(upstream.retryAfterMs / 1_000);
    const retryAfter = code === 'unavailable' ? { retryAfter: Math.min(Math.max(1, wait), LONGEST_RETRY_AFTER) } : {};
    super(code, { detail, cause: upstream.cause, ...retryAfter });
  }

  get keyRefused(): boolean {
    return KEY_REFUSED.has(this.upstream.status ?? 0);
  }

  /** Whether it says something about the provider's health; a request that is refused as such does not. */
  get counts(): boolean {
    return !OUR_REQUEST.has(this.upstream.status ?? 0);
  }

  /** How long the provider asks to be left alone, where it says that it is busy. */
  get busyForMs(): number | undefined {
    return this.upstream.status === 429 ? this.upstream.retryAfterMs : undefined;
  }
}

export function timedOut(cause?: unknown): ModelFault {
  return new ModelFault('upstream_timeout', 'The language model did not answer in time', { cause });
}

export function faultOf(error: unknown): ModelFault {
  if (error instanceof ModelFault) return error;
  const status = statusOf(error);
  const upstream = { status, retryAfterMs: retryAfterOf(error), cause: error };
  if (status === 429 || status === 503 || status === 529) {
    return new ModelFault('unavailable', 'The language model is overloaded', upstream);
  }
  if (status === 408 || status === 504 || isConnectTimeout(error)) {
    return new ModelFault('upstream_timeout', 'The language model did not answer in time', upstream);
  }
  if (status !== undefined && KEY_REFUSED.has(status)) {
    return new ModelFault('upstream_failed', 'The language model refuses the key of this server', upstream);
  }
  return new ModelFault('upstream_failed', 'The language model failed', upstream);
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('status' in error && typeof error.status === 'number') return error.status;
  if ('status_code' in error && typeof error.status_code === 'number') return error.status_code;
  return undefined;
}

/** `Retry-After` in milliseconds, from either of its two forms. */
function retryAfterOf(error: unknown): number | undefined {
  const headers = typeof error === 'object' && error !== null && 'headers' in error ? error.headers : undefined;
  const get = typeof headers === 'object' && headers !== null && 'get' in headers ? headers.get : undefined;
  const header: unknown = typeof get === 'function' ? get.call(headers, 'retry-after') : undefined;
  if (typeof header !== 'string' || header === '') return undefined;
  const ms = Number.isFinite(Number(header)) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isConnectTimeout(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && cause.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  }
  return false;
}
