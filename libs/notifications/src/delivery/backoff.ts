export const MAX_ATTEMPTS = 8;
const MAX_DELAY_MS = 120_000;

/** After the last attempt, of which the provider may have sent something. */
const MAX_LOOKUPS = 8;

/** Milliseconds until the next attempt; undefined after the last. What the provider asks for counts where it is longer. */
export function retryDelay(attempt: number, firstMs: number, askedMs = 0, mayBeSent = false): number | undefined {
  if (attempt >= MAX_ATTEMPTS + (mayBeSent ? MAX_LOOKUPS : 0)) return undefined;
  return Math.min(MAX_DELAY_MS, Math.max(askedMs, firstMs * 2 ** (attempt - 1)));
}
