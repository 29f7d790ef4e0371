import { z } from 'zod';
import type { ToolSchema } from '@adiuva/llm';

export const CALL_AGENT = 'call_agent';

/** Arguments of `call_agent`. */
export const CallAgentArguments = z.object({ agent: z.string(), message: z.string().trim().min(1).max(32_000) });

/** The tool by which an agent calls another; its result is the answer of that agent. */
export function callAgentTool(
  delegates: readonly { readonly name: string; readonly description: string }[],
): ToolSchema {
  const descriptions = delegates.map(({ name, description }) => `${name}: ${description}`).join('; ');
  return {
    name: CALL_AGENT,
    description:
      'Asks another agent to do a part of the wish that is not your duty, and gives you its answer. Only for what your own tools cannot do.',
    schema: {
      type: 'object',
      properties: {
        agent: { type: 'string', enum: delegates.map(({ name }) => name), description: descriptions },
        message: { type: 'string', description: 'The whole wish, in a sentence that stands for itself' },
      },
      required: ['agent', 'message'],
    },
  };
}
