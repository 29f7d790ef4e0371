import { z } from 'zod';
import { parsePythonCalls } from './python-literals';
import { unfenced } from './tool-arguments';
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
  z.object({ tool_name: z.string().min(1), parameters: Arguments }).transform(({ tool_name: name, parameters }) => ({
    name,
    parameters,
    arguments: undefined,
    args: undefined,
  })),
  z.object({ function: Named }).transform(({ function: call }) => call),
  Named,
  z
    .object({ function: z.string().min(1), arguments: Arguments, parameters: Arguments, args: Arguments })
    .transform(({ function: name, ...call }) => ({ name, ...call })),
]);
const List = z.object({ tool_calls: z.array(z.unknown()) }).transform(({ tool_calls: calls }) => calls);
const FUNCTION_TAG = /<function=([\w.-]+)>([\s\S]*?)(?:<\/function>|$)/g;
const PARAMETER_TAG = /<parameter=([\w.-]+)>\n?([\s\S]*?)\n?<\/parameter>/g;
const INVOKE_TAG = /<invoke name="([^"<>]+)">([\s\S]*?)(?:<\/invoke>|$)/g;
const NAMED_PARAMETER = /<parameter name="([^"<>]+)"(?: string="\w+")?>\n?([\s\S]*?)\n?<\/parameter>/g;
const ARGUMENT_PAIR = /<arg_key>([^<>]+)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g;
/** Of DeepSeek and Anthropic. */
const TAG_PREFIX = /(<\/?)(?:｜DSML｜|antml:)/g;
/** What stands between names and arguments: special tokens, and the marks of a code block. */
const SEPARATOR = /<[|｜][^<>]*[|｜]>|\[(?:TOOL_CALLS|ARGS)\]|\[CALL_ID\]\w*|```(?:json)?/g;
const NAME_AND_ARGUMENTS = /^([\w.:-]*)\s*(\{[\s\S]*\})?$/;
const FILLERS = new Set(['function', 'json', 'commentary', 'analysis', 'code']);

/**
 * Reads tool calls that a model wrote as text: JSON, tags with a name, names and arguments between special tokens, or Python. Undefined where
 * it is none of them.
 */
export function parseTextCalls(text: string): readonly ToolCallDelta[] | undefined {
  const body = unfenced(text.replace(TAG_PREFIX, '$1'));
  if (body.startsWith('<function=')) return taggedCalls(body, FUNCTION_TAG, PARAMETER_TAG);
  if (body.startsWith('<invoke ')) return taggedCalls(body, INVOKE_TAG, NAMED_PARAMETER);
  return jsonCalls(body) ?? keyedCall(body) ?? separatedCalls(body) ?? parsePythonCalls(body);
}

function jsonCalls(body: string): readonly ToolCallDelta[] | undefined {
  const calls = z.array(Call).min(1).safeParse(jsonValues(body));
  if (!calls.success) return undefined;
  return calls.data.map(({ name, arguments: given, parameters, args }) => ({
    name,
    args: given ?? parameters ?? args ?? {},
  }));
}

/** A value, an array of values also as the member `tool_calls`, or one value a line. */
function jsonValues(body: string): readonly unknown[] | undefined {
  for (const json of [body, `[${body.replaceAll(/\}[\s;]+\{/g, '},{')}]`]) {
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

function taggedCalls(body: string, tag: RegExp, parameter: RegExp): readonly ToolCallDelta[] | undefined {
  const calls = [...body.matchAll(tag)].map(([, name = '', inner = '']) => {
    const fields = fieldsOf(inner, parameter);
    return { name, args: fields.length > 0 ? Object.fromEntries(fields) : inner.trim() };
  });
  return calls.length > 0 ? calls : undefined;
}

/** GLM: the name, and then pairs of tags. */
function keyedCall(body: string): readonly ToolCallDelta[] | undefined {
  const [, name, rest = ''] = /^([\w.:-]+)\s*(<arg_key>[\s\S]*)?$/.exec(body) ?? [];
  return name === undefined ? undefined : [{ name, args: Object.fromEntries(fieldsOf(rest, ARGUMENT_PAIR)) }];
}

function fieldsOf(text: string, parameter: RegExp): readonly (readonly [string, unknown])[] {
  return [...text.matchAll(parameter)].map(([, name = '', value = '']) => [name.trim(), scalar(value)] as const);
}

/** Kimi, DeepSeek, Mistral and gpt-oss: a name and its arguments, as often as there are calls. */
function separatedCalls(body: string): readonly ToolCallDelta[] | undefined {
  const calls: ToolCallDelta[] = [];
  let called: string | undefined;
  for (const piece of body.split(SEPARATOR).map((part) => part.trim())) {
    const [, name, args] = NAME_AND_ARGUMENTS.exec(piece) ?? [];
    if (name === undefined) return undefined;
    if (name !== '' && !FILLERS.has(name)) called = name;
    if (args === undefined) continue;
    if (called === undefined) return undefined;
    calls.push({ name: called, args });
    called = undefined;
  }
  return called === undefined && calls.length > 0 ? calls : undefined;
}

function scalar(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
