export const MAX_ATTEMPTS = 8;
const MAX_DELAY_MS = 120_000;

/** Milliseconds until the next attempt; undefined after the last. What the provider asks for counts where it is longer. */
export function retryDelay(attempt: number, firstMs: number, askedMs = 0): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  return Math.min(MAX_DELAY_MS, Math.max(askedMs, firstMs * 2 ** (attempt - 1)));
}
