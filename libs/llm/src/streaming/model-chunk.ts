import type { ToolCall } from '../content/tool-call-assembler';
import type { TokenUsage } from '../usage';

/** `length`: the answer was cut at the limit of output tokens. */
export type FinishReason = 'stop' | 'length';

/** What a provider wants back, unchanged, together with the results of the tools that it called. */
export interface ProviderState {
  /** `provider:model`; no other model understands it. */
  readonly origin: string;
  readonly message?: unknown;
  /** By id of the call. */
  readonly calls?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of an answer that arrived since the last one, in the terms of no provider. */
export interface ModelChunk {
  readonly text: string;
  /** The text of all earlier chunks was reasoning, and is not part of the answer. */
  readonly retracts?: true | undefined;
  /** Whole calls, only in the last chunk: the calls of an answer that breaks off are never seen. */
  readonly calls: readonly ToolCall[];
  readonly usage?: TokenUsage | undefined;
  readonly finishReason?: FinishReason | undefined;
  readonly state?: ProviderState | undefined;
}

/** A sign of life, such as a token of reasoning. */
export const EMPTY_CHUNK: ModelChunk = { text: '', calls: [] };

export function mergeChunks(one: ModelChunk, other: ModelChunk): ModelChunk {
  return {
    text: other.retracts ? other.text : one.text + other.text,
    retracts: one.retracts ?? other.retracts,
    calls: other.calls.length === 0 ? one.calls : [...one.calls, ...other.calls],
    usage: other.usage ?? one.usage,
    finishReason: other.finishReason ?? one.finishReason,
    state: other.state ?? one.state,
  };
}

/** Whether the model has begun to answer. Leading white space alone is not an answer. */
export function hasContent({ text, calls, finishReason }: ModelChunk): boolean {
  return finishReason !== undefined || calls.length > 0 || text.trim() !== '';
}
