import { SystemMessage } from '@langchain/core/messages';
import type { ModelCall, ToolSchema } from './chat-model.port';

/** The call without what is secret: `publicInstructions` in place of prompts, and tools without descriptions. Names of tools and arguments are public. */
export function publicCall(call: ModelCall): ModelCall {
  const { publicInstructions, messages, tools, ...rest } = call;
  const instructions = new SystemMessage(publicInstructions?.() ?? '');
  return {
    ...rest,
    messages: messages.map((message) => (SystemMessage.isInstance(message) ? instructions : message)),
    ...(tools ? { tools: tools.map(publicTool) } : {}),
  };
}

const KNOWN = new WeakMap<ToolSchema, ToolSchema>();

function publicTool(tool: ToolSchema): ToolSchema {
  const known = KNOWN.get(tool) ?? {
    name: tool.name,
    description: tool.name,
    schema: Object.fromEntries(Object.entries(tool.schema).flatMap(withoutDescription)),
  };
  KNOWN.set(tool, known);
  return known;
}

/** An argument may be called `description`: its value is a schema, that of the annotation a text. */
function withoutDescription([name, value]: [string, unknown]): [string, unknown][] {
  if (name === 'description' && typeof value === 'string') return [];
  return [[name, stripped(value)]];
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(withoutDescription));
}
