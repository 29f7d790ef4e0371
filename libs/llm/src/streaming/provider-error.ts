import { Problem, type ProblemCode } from '@adiuva/kernel';
import { ModelOutputError } from '../content/model-output-error';

const MAX_RETRY_AFTER = 300;
const DEFAULT_RETRY_AFTER = 5;
const KEY_REFUSED = new Set([401, 402, 403]);
const OUR_REQUEST = new Set([400, 413, 415, 422]);
/** 498 is Groq's. */
const OVERLOADED = new Set([429, 498, 503, 529]);

interface Upstream {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A provider's failure in our terms. Nothing that the provider said is passed on. */
export class ProviderError extends Problem {
  constructor(
    code: ProblemCode,
    detail: string,
    readonly upstream: Upstream = {},
  ) {
    const wait = upstream.retryAfterMs === undefined ? DEFAULT_RETRY_AFTER : Math.ceil(upstream.retryAfterMs / 1_000);
    const retryAfter = code === 'unavailable' ? { retryAfter: Math.min(Math.max(1, wait), MAX_RETRY_AFTER) } : {};
    super(code, { detail, cause: upstream.cause, ...retryAfter });
  }

  get keyRefused(): boolean {
    return KEY_REFUSED.has(this.upstream.status ?? 0);
  }

  /** Whether it says something about the provider's health; a refused request, a refused answer and what a model wrote do not. */
  get counts(): boolean {
    if (this.upstream.cause instanceof Error && this.upstream.cause.cause instanceof ModelOutputError) return false;
    return this.code !== 'content_refused' && !OUR_REQUEST.has(this.upstream.status ?? 0);
  }

  /** How long a busy provider asks to be left alone. */
  get busyForMs(): number | undefined {
    return OVERLOADED.has(this.upstream.status ?? 0) ? this.upstream.retryAfterMs : undefined;
  }
}

/** A provider's failure by its HTTP status, also where the status is part of a stream that began well. */
export function statusError(status: number | undefined, rest: Omit<Upstream, 'status'> = {}): ProviderError {
  const upstream = { ...rest, status };
  if (status !== undefined && OVERLOADED.has(status)) {
    return new ProviderError('unavailable', 'The language model is overloaded', upstream);
  }
  if (status === 408 || status === 504) return timeoutError(upstream);
  if (status !== undefined && KEY_REFUSED.has(status)) {
    return new ProviderError('upstream_failed', 'The language model refuses the key of this server', upstream);
  }
  return new ProviderError('upstream_failed', 'The language model failed', upstream);
}

export function timeoutError(upstream: Upstream = {}): ProviderError {
  return new ProviderError('upstream_timeout', 'The language model did not answer in time', upstream);
}

/** The model does not want to answer this message; another one may. */
export function refusalError(cause?: unknown): ProviderError {
  return new ProviderError('content_refused', 'The language model refuses to answer this message', { cause });
}

/** Some models of OpenAI are served by another API only, or take tools only there. */
export function otherApiError(status: number | undefined): ProviderError {
  const detail =
    'The configured language model is not served by the chat completions API, the only one of its provider that this server uses. ' +
    'Name another model in LLM_AGENT, LLM_ROUTER or LLM_PLANNER';
  return new ProviderError('upstream_failed', detail, { status });
}

/** `reason` is for the log only. */
export function answerError(reason: string, cause?: unknown): ProviderError {
  return new ProviderError('upstream_failed', 'The language model gave no complete answer', {
    cause: new Error(reason, { cause }),
  });
}

export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof ModelOutputError) return answerError('the answer cannot be used', error);
  return isConnectTimeout(error) ? timeoutError({ cause: error }) : statusError(undefined, { cause: error });
}

function isConnectTimeout(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && cause.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  }
  return false;
}
