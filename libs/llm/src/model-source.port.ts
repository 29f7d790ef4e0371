import type { BaseMessage } from '@langchain/core/messages';
import type { Inlet } from './inlet';

/** A tool as a model sees it: its JSON schema says which arguments it takes. */
export interface ToolSchema {
  readonly name: string;
  readonly description: string;
  readonly schema: Record<string, unknown>;
}

export interface ModelCall {
  readonly messages: readonly BaseMessage[];
  readonly tools?: readonly ToolSchema[];
  /** The name of the one tool that must be called. */
  readonly mustCall?: string;
  /** The tools are those of the talk so far, and none of them may be called any more. */
  readonly mayCall?: false;
}

/** A model that can be asked. */
export interface ModelSource {
  /**
   * Asks, and lets the answer flow into the inlet. Resolves when it flows; a failure before that rejects, one after that fails the inlet.
   * Ends its connection when the signal does.
   */
  ask(call: ModelCall, inlet: Inlet, signal: AbortSignal): Promise<void>;
}

export function functionTools(tools: readonly ToolSchema[]) {
  return tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    function: { name, description, parameters: schema },
  }));
}
