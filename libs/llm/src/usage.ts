import type { UsageMetadata } from '@langchain/core/messages';

/** Tokens that a piece of an answer reports; LangChain's own type of a chunk hides the member. */
export function usageOf(chunk: object): UsageMetadata | undefined {
  return 'usage_metadata' in chunk ? (chunk.usage_metadata as UsageMetadata | undefined) : undefined;
}
