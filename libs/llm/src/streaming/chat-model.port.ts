import type { BaseMessage } from '@langchain/core/messages';
import type { ChunkQueue } from './chunk-queue';

/** A tool as a model sees it: its JSON schema describes the arguments. */
export interface ToolSchema {
  readonly name: string;
  readonly description: string;
  readonly schema: Record<string, unknown>;
}

export interface ModelCall {
  readonly messages: readonly BaseMessage[];
  /** What a provider of the user gets in place of our prompts. A call without it is answered by the models of this server alone. */
  readonly publicInstructions?: () => string;
  readonly tools?: readonly ToolSchema[];
  /** The name of the one tool that must be called. */
  readonly mustCall?: string;
  /** The tools are those of the conversation so far, and none of them may be called any more. */
  readonly mayCall?: false;
  /** An answer without text and calls is complete too; otherwise it is a failure of the model. */
  readonly mayBeEmpty?: boolean;
}

/** A chat model of a provider. Every adapter passes test/llm/conformance. */
export abstract class ChatModel {
  /**
   * Calls the model, and pushes its answer into the queue. Resolves when the answer begins; a failure before that rejects, a later one fails
   * the queue. The queue ends only after the provider's own end marker. An aborted signal closes the connection.
   */
  abstract stream(call: ModelCall, queue: ChunkQueue, signal: AbortSignal): Promise<void>;
}

/** The tools that may be called, in the form that most providers take. */
export function functionTools({ tools = [], mayCall }: ModelCall) {
  if (mayCall === false) return [];
  return tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    function: { name, description, parameters: schema },
  }));
}
