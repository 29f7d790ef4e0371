import { z } from 'zod';
import type { ToolCallDelta } from './tool-call-assembler';

const Arguments = z.union([z.record(z.string(), z.unknown()), z.string(), z.null()]).optional();
/** A description makes it the tool itself and not a call of it. */
const description = z.never().optional();
const Named = z.object({
  name: z.string().min(1),
  description,
  arguments: Arguments,
  parameters: Arguments,
  args: Arguments,
});
const Call = z.union([
  z.object({ function: Named }).transform(({ function: call }) => call),
  Named,
  z
    .object({ function: z.string().min(1), arguments: Arguments, parameters: Arguments, args: Arguments })
    .transform(({ function: name, ...call }) => ({ name, ...call })),
]);
const List = z.object({ tool_calls: z.array(z.unknown()) }).transform(({ tool_calls: calls }) => calls);
const FUNCTION_TAG = /<function=([\w.-]+)>([\s\S]*?)(?:<\/function>|$)/g;
const PARAMETER_TAG = /<parameter=([\w.-]+)>\n?([\s\S]*?)\n?<\/parameter>/g;

/** Reads tool calls that a model wrote as text: JSON, one or several, or tags with a name. Undefined where it is neither. */
export function parseTextCalls(text: string): readonly ToolCallDelta[] | undefined {
  const body = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, '');
  if (body.startsWith('<function=')) return functionTags(body);
  const values = jsonValues(body);
  const calls = z.array(Call).min(1).safeParse(values);
  if (!calls.success) return undefined;
  return calls.data.map(({ name, arguments: given, parameters, args }) => ({
    name,
    args: given ?? parameters ?? args ?? {},
  }));
}

/** A value, an array of values also as the member `tool_calls`, or one value a line. */
function jsonValues(body: string): readonly unknown[] | undefined {
  for (const json of [body, `[${body.replaceAll(/\}\s*[\n;]\s*\{/g, '},{')}]`]) {
    try {
      const value: unknown = JSON.parse(json);
      return z
        .union([List, z.array(z.unknown())])
        .catch([value])
        .parse(value);
    } catch {
      // The next form may fit.
    }
  }
  return undefined;
}

function functionTags(body: string): readonly ToolCallDelta[] | undefined {
  const calls = [...body.matchAll(FUNCTION_TAG)].map(([, name = '', inner = '']) => {
    const fields = [...inner.matchAll(PARAMETER_TAG)].map(
      ([, field = '', value = '']) => [field, scalar(value)] as const,
    );
    return { name, args: fields.length > 0 ? Object.fromEntries(fields) : inner.trim() };
  });
  return calls.length > 0 ? calls : undefined;
}

function scalar(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
