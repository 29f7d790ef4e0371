import { otherApiError, refusalError, statusError, type ProviderError } from '../streaming/provider-error';

/** A failure as a provider describes it, as far as it matters here. Its words are not kept. */
export interface ProviderFailure {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The content was refused, not the request. */
  readonly refused?: boolean;
  /** The model exists, but not for chat completions. */
  readonly otherApi?: boolean;
}

/** Words of the providers' error objects (`type`, `code`, `status`, `reason`) and the HTTP status that they stand for; the first that fits. */
const STATUSES: readonly (readonly [words: RegExp, status: number])[] = [
  [/insufficient.?(?:quota|balance|credit|funds)|exceeded_current_quota|billing|payment.?required/i, 402],
  [/authentication|unauthenticated|unauthorized|invalid_api_key|api_key_invalid/i, 401],
  [/permission|forbidden/i, 403],
  [
    /rate.?limit|too.?many.?requests|throttl|resource_exhausted|capacity_exceeded|^(?:tokens|requests|limit_requests)$/i,
    429,
  ],
  [/overloaded|server_busy|slow_down/i, 529],
  [/(?:^|[^a-z]|service)unavailable/i, 503],
  [/time.?out|deadline.?exceeded/i, 504],
  // Cloudflare Workers AI: no tokens left for today, no capacity.
  [/^30(?:36|40)$/, 429],
];
/** These say more than the status that comes with them: OpenAI's 429 without credit, Google's 400 for a wrong key. So does Bedrock's 400 for too many requests. */
const OVERRIDING = new Set([401, 402]);
const REFUSED =
  /content_filter|content_policy|content_blocked|responsible_?ai|safety|prohibited_content|moderation|data_?inspection/i;
/** DeepSeek, Anthropic and OpenAI have no code for this. */
const REFUSED_MESSAGE =
  /content exists risk|content filtering policy|flagged as potentially violating|violates (?:our )?usage guidelines/i;
/** OpenAI has no code for this. */
const OTHER_API = /v1\/responses|responses api|not a chat model/i;
const MAX_DEPTH = 6;
const MAX_FACTS = 200;

/** Reads an error body, or the error of a stream: text or JSON of any shape. */
export function readFailure(error: unknown): ProviderFailure {
  const facts: [key: string, value: string][] = [];
  collect(typeof error === 'string' ? parsed(error) : error, '', facts, 0);
  const words = facts
    .filter(([key]) => /^(?:(?:__)?type|code|status|reason|error_type|raw_status_code|status_code)$/.test(key))
    .map(([, value]) => value);
  const codes = words.flatMap((word) => STATUSES.find(([pattern]) => pattern.test(word))?.[1] ?? []);
  const numbers = words.map(Number).filter((code) => Number.isInteger(code) && code >= 400 && code < 600);
  const status = codes.find((code) => OVERRIDING.has(code)) ?? numbers[0] ?? codes[0];
  const delay = facts.find(([key]) => key === 'retryDelay')?.[1];
  const wait = delay === undefined ? NaN : Number.parseFloat(delay) * 1_000;
  return {
    ...(status === undefined ? {} : { status }),
    ...(Number.isFinite(wait) ? { retryAfterMs: Math.max(0, wait) } : {}),
    ...(isRefusal(words, facts) ? { refused: true } : {}),
    ...(facts.some(([key, value]) => key === 'message' && OTHER_API.test(value)) ? { otherApi: true } : {}),
  };
}

/** OpenRouter answers 403 to flagged input, as to a key without permission. */
function isRefusal(words: readonly string[], facts: readonly (readonly [key: string, value: string])[]): boolean {
  return (
    words.some((word) => REFUSED.test(word)) ||
    facts.some(
      ([key, value]) => key === 'flagged_input' || (/^(?:message|error)$/.test(key) && REFUSED_MESSAGE.test(value)),
    )
  );
}

/** `http` is the status of the response; undefined for an error inside a stream. */
export function failureError(
  { status, retryAfterMs, refused, otherApi }: ProviderFailure,
  http?: number,
): ProviderError {
  if (refused === true) return refusalError();
  if (otherApi === true) return otherApiError(http ?? status);
  const overrides = status !== undefined && (OVERRIDING.has(status) || (http === 400 && status === 429));
  const known = http === undefined || overrides ? status : http;
  return statusError(known ?? http, { retryAfterMs });
}

function collect(value: unknown, key: string, facts: [string, string][], depth: number): void {
  if (facts.length >= MAX_FACTS || depth > MAX_DEPTH) return;
  if (typeof value === 'string' || typeof value === 'number') facts.push([key, String(value)]);
  else if (Array.isArray(value)) for (const item of value) collect(item, key, facts, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      // Bedrock names a failure by its member.
      if (name.endsWith('Exception')) facts.push(['type', name]);
      collect(item, name, facts, depth + 1);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
