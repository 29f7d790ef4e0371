import { Problem } from '@adiuva/kernel';

/** How long each part of a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  readonly LLM_FIRST_TOKEN_TIMEOUT_MS: number;
  readonly LLM_TOKEN_GAP_TIMEOUT_MS: number;
  readonly LLM_TOTAL_TIMEOUT_MS: number;
}

/**
 * Passes a stream on while it keeps within its limits. When it does not, aborts it and throws `upstream_timeout`; a source that
 * ignores the abort is left behind.
 */
export async function* watched<T>(
  opening: Promise<AsyncIterable<T>>,
  limits: StreamLimits,
  abort: AbortController,
): AsyncGenerator<T> {
  const end = performance.now() + limits.LLM_TOTAL_TIMEOUT_MS;
  const within = <R>(work: Promise<R>, ms: number): Promise<R> =>
    inTime(work, Math.min(ms, end - performance.now()), abort);
  const opened = performance.now();
  const source = (await within(opening, limits.LLM_FIRST_TOKEN_TIMEOUT_MS))[Symbol.asyncIterator]();
  let allowed = limits.LLM_FIRST_TOKEN_TIMEOUT_MS - (performance.now() - opened);
  for (;;) {
    const next = await within(source.next(), allowed);
    if (next.done) return;
    yield next.value;
    allowed = limits.LLM_TOKEN_GAP_TIMEOUT_MS;
  }
}

async function inTime<R>(work: Promise<R>, ms: number, abort: AbortController): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const problem = new Problem('upstream_timeout', { detail: 'The language model did not answer in time' });
        abort.abort(problem);
        reject(problem);
      },
      Math.max(0, ms),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
