import { z } from 'zod';

/** Tokens of one or more model calls. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A count as providers report it: some write it as text. Null where it is absent or no number. */
export const tokenCount = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(?:\.\d+)?$/)
      .transform(Number),
  ])
  .nullish()
  .transform((count) => count ?? null)
  .catch(null);

/** The sums of what was reported. Undefined where nothing was, so that the answer is estimated and not free. */
export function reportedUsage(
  input: readonly (number | null)[],
  output: readonly (number | null)[],
): TokenUsage | undefined {
  if ([...input, ...output].every((count) => count === null)) return undefined;
  return { inputTokens: sum(input), outputTokens: sum(output) };
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

function sum(counts: readonly (number | null)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}

function wholeCount(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(0, Math.trunc(value));
}
