import { randomUUID } from 'node:crypto';
import { ModelOutputError } from './model-output-error';
import { ArgumentsReader, parseArguments } from './tool-arguments';

/** A tool that a model calls. Arguments that are not JSON stay the text that they are. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

/** A part of a tool call as a provider sends it. Index, id and name may be missing, and arguments may be text or an object. */
export interface ToolCallDelta {
  readonly index?: unknown;
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly args?: unknown;
  /** What the provider wants back with the call. */
  readonly state?: unknown;
}

interface OpenCall {
  readonly index: number | undefined;
  id: string;
  name: string;
  readonly args: ArgumentsReader;
  state: unknown;
}

const MAX_ARGUMENTS = 1_048_576;
const MAX_CALLS = 128;

/**
 * Assembles the tool calls of one answer. Providers differ in what identifies a call: a new id, or a name after complete arguments, begins
 * a new call, whatever the index; a name is set, never appended.
 */
export class ToolCallAssembler {
  private readonly open: OpenCall[] = [];
  private size = 0;

  /** `tools`: the names of those that may be called. */
  constructor(private readonly tools: ReadonlySet<string> = new Set()) {}

  get count(): number {
    return this.open.length;
  }

  /** Throws where the arguments of an answer are too large. */
  add(delta: ToolCallDelta): void {
    const index = indexOf(delta.index);
    const id = delta.id ?? '';
    const name = delta.name ?? '';
    const args = textOf(delta.args);
    if ((this.size += args.length) > MAX_ARGUMENTS)
      throw new ModelOutputError('the arguments of a tool call are too large');
    const current = this.current(index, id, name);
    const call = current && !beginsCall(current, { index, id, name, args }) ? current : this.begin(index);
    if (call.id === '') call.id = id;
    if (name !== '') call.name = name;
    call.args.append(args);
    call.state ??= delta.state;
  }

  /** Every call has an id of its own. Empty parts are dropped; throws where the arguments of a call have no name. */
  finish(): { readonly calls: readonly ToolCall[]; readonly states: Readonly<Record<string, unknown>> | undefined } {
    const ids = new Set<string>();
    const states: [string, unknown][] = [];
    const calls = this.open.flatMap(({ id: given, name, args, state }) => {
      if (name === '' && !isBlank(args.text)) throw new ModelOutputError('a tool call has no name');
      if (name === '') return [];
      const id = given === '' || ids.has(given) ? `call_${randomUUID()}` : given;
      ids.add(id);
      if (state !== undefined) states.push([id, state]);
      return [{ id, name: toolName(name, this.tools), args: parseArguments(args.text) }];
    });
    return { calls, states: states.length > 0 ? Object.fromEntries(states) : undefined };
  }

  private current(index: number | undefined, id: string, name: string): OpenCall | undefined {
    const byId = id === '' ? undefined : this.open.findLast((call) => call.id === id);
    if (byId) return byId;
    const last = this.open.at(-1);
    if (index === undefined) return last;
    const byIndex = this.open.findLast((call) => call.index === index);
    return byIndex ?? (id === '' && name === '' ? last : undefined);
  }

  private begin(index: number | undefined): OpenCall {
    if (this.open.length === MAX_CALLS) throw new ModelOutputError('an answer has too many tool calls');
    const call: OpenCall = { index, id: '', name: '', args: new ArgumentsReader(), state: undefined };
    this.open.push(call);
    return call;
  }
}

function beginsCall(
  current: OpenCall,
  { index, id, name, args }: Pick<OpenCall, 'index' | 'id' | 'name'> & { readonly args: string },
): boolean {
  if (name === '' && (id === '' || id === current.id)) return false;
  const complete = current.args.isComplete;
  if (id !== '' && id === current.id)
    return (complete && args !== '') || (index !== undefined && current.index !== undefined && index !== current.index);
  if (id !== '' && current.id !== '') return name !== '' || complete || (current.args.text === '' && args === '');
  return complete || (name !== '' && current.name !== '' && name !== current.name);
}

function indexOf(index: unknown): number | undefined {
  if (typeof index === 'string' && index.trim() === '') return undefined;
  if (typeof index !== 'number' && typeof index !== 'string') return undefined;
  return Number.isInteger(Number(index)) ? Number(index) : undefined;
}

function textOf(args: unknown): string {
  if (typeof args === 'string') return args;
  return args === undefined || args === null ? '' : JSON.stringify(args);
}

function isBlank(args: string): boolean {
  return /^\s*(?:\{\s*\}|null|"")?\s*$/.test(args);
}

/** Models put a namespace ahead of the name, or a number behind it, and servers leave special tokens in it. */
function toolName(name: string, tools: ReadonlySet<string>): string {
  if (tools.has(name)) return name;
  const [word = ''] = name.split('<|');
  const plain = word.trim().replace(/:\d+$/, '');
  const last = plain.split(/[.:]/).at(-1) ?? '';
  return [plain, last].find((candidate) => tools.has(candidate)) ?? name;
}
