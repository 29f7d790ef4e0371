import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import type { ToolCall } from '../content/tool-call-assembler';
import type { ProviderState } from './model-chunk';

const STATE = 'provider_state';
const StateShape = z.object({
  origin: z.string(),
  message: z.unknown().optional(),
  calls: z.record(z.string(), z.unknown()).optional(),
});

/** What a model answered, as a message of the conversation that continues with the results of its tools. */
export function assistantMessage(answer: {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly state?: unknown;
}): AIMessage {
  const toolCalls = answer.calls.map(({ id, name, args }) => ({
    id,
    name,
    args: asObject(args),
    type: 'tool_call' as const,
  }));
  return new AIMessage({
    content: answer.text,
    tool_calls: toolCalls,
    additional_kwargs: answer.state === undefined ? {} : { [STATE]: answer.state },
  });
}

/** The state that `origin` wants back with this message; undefined where it comes from another model. */
export function stateOf(message: BaseMessage, origin: string): ProviderState | undefined {
  const state = StateShape.safeParse(message.additional_kwargs[STATE]);
  return state.success && state.data.origin === origin ? state.data : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
