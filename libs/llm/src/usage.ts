/** Tokens of one or more model calls. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0 };

export function addUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
  return { inputTokens: one.inputTokens + other.inputTokens, outputTokens: one.outputTokens + other.outputTokens };
}

/** What a provider reports is input: it may be negative, fractional, absurd or no number. Together it is at most `limit`. */
export function boundUsage({ inputTokens, outputTokens }: TokenUsage, limit: number): TokenUsage {
  const input = Math.min(wholeCount(inputTokens), limit);
  return { inputTokens: input, outputTokens: Math.min(wholeCount(outputTokens), limit - input) };
}

function wholeCount(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(0, Math.trunc(value));
}
