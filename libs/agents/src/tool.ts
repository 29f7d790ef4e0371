import { z } from 'zod';
import { rowsOf, type ChatContext, type ClientRow } from './chat-context';
import type { ClientToolCall } from './turn-context';

export const ACTION_TYPES = [
  'create_record',
  'update_record',
  'delete_record',
  'index_document',
  'send_notification',
  'call_agent',
] as const;

/** Something that the desktop app carries out. */
export interface PlanAction {
  readonly type: (typeof ACTION_TYPES)[number];
  readonly table: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly agent: string | null;
}

/** What a tool may know beside its arguments. */
export interface ToolContext {
  readonly context: ChatContext;
  readonly now: Date;
  /** Makes the id of a record that a tool creates. */
  readonly newId: () => string;
}

/** Rows of one kind of the user's data. */
export type Rows = (kind: string) => readonly ClientRow[];

/** A tool whose arguments are checked by its own schema when it is used. */
export type AgentTool = ReadTool | WriteTool;

interface ToolBase {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments. */
  readonly schema: Record<string, unknown>;
}

/** Looks something up in what the client has shown, or asks the client. Throws `z.ZodError` for arguments outside the schema. */
export interface ReadTool extends ToolBase {
  readonly kind: 'read';
  /** What the client is asked where it can be; for most tools the tool itself. */
  questions(args: unknown): readonly ClientToolCall[];
  runLocally(args: unknown, tool: ToolContext): unknown;
  /** The result, from the client's answers to the questions in their order. */
  fromClientResults(args: unknown, tool: ToolContext, answers: readonly unknown[]): unknown;
}

/** Touches no data: says what the client is to do. Throws `z.ZodError` for arguments outside the schema. */
export interface WriteTool extends ToolBase {
  readonly kind: 'write';
  act(args: unknown, tool: ToolContext): PlanAction;
}

export function readTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  run: (args: A, tool: ToolContext) => unknown,
): ReadTool {
  return {
    ...base(name, description, args),
    kind: 'read',
    questions: (raw) => [{ name, arguments: args.parse(given(raw)) }],
    runLocally: (raw, tool) => run(args.parse(given(raw)), tool),
    fromClientResults: (_raw, _tool, answers) => answers[0],
  };
}

/** Works something out from rows that the client gives by other read tools: `sources` names one for each kind of rows. */
export function aggregateTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  sources: Readonly<Record<string, string>>,
  aggregate: (args: A, rows: Rows, tool: ToolContext) => unknown,
): ReadTool {
  const kinds = Object.keys(sources);
  return {
    ...base(name, description, args),
    kind: 'read',
    questions: (raw) => {
      args.parse(given(raw));
      return Object.values(sources).map((source) => ({ name: source, arguments: {} }));
    },
    runLocally: (raw, tool) => aggregate(args.parse(given(raw)), (kind) => rowsOf(tool.context, kind), tool),
    fromClientResults: (raw, tool, answers) =>
      aggregate(args.parse(given(raw)), (kind) => rowsIn(answers[kinds.indexOf(kind)]), tool),
  };
}

export function writeTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  act: (args: A, tool: ToolContext) => PlanAction,
): WriteTool {
  return { ...base(name, description, args), kind: 'write', act: (raw, tool) => act(args.parse(given(raw)), tool) };
}

export function createIn(table: string, data: ClientRow, { newId }: ToolContext): PlanAction {
  return { type: 'create_record', table, data: { id: newId(), ...given(data) }, agent: null };
}

/** Only what changes: absent fields and integers of -1 mean "leave as it is". */
export function updateIn(table: string, id: string, changes: ClientRow): PlanAction {
  const changed = Object.entries(given(changes)).filter(([, value]) => value !== -1);
  return { type: 'update_record', table, data: { id, ...Object.fromEntries(changed) }, agent: null };
}

export function deleteIn(table: string, id: string): PlanAction {
  return { type: 'delete_record', table, data: { id }, agent: null };
}

function base<A extends ClientRow>(name: string, description: string, args: z.ZodType<A>): ToolBase {
  const { $schema: _, ...schema } = z.toJSONSchema(args, { io: 'input', unrepresentable: 'any' });
  return { name, description, schema };
}

/** Models write `null` for what they do not give; that means absent. */
function given<T>(raw: T): T {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined)) as T;
}

const RowsShape = z.array(z.record(z.string(), z.unknown()).catch({}));

/** The rows of a client's answer: a list, or an object that has one. */
function rowsIn(answer: unknown): readonly ClientRow[] {
  const candidates: unknown[] = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  return RowsShape.catch([]).parse(Array.isArray(answer) ? answer : candidates.find(Array.isArray));
}
