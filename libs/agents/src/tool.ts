import { z } from 'zod';
import { rowsOf, type ChatContext, type ClientRow } from './chat-context';
import { UNCHANGED } from './tool-arguments';
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
  /** Agents that the user's tier includes. */
  readonly agents: readonly string[];
  /** Makes the id of a record that a tool creates. */
  readonly newId: () => string;
}

/** Arguments that the schema allows and that make no sense; the model reads the message. */
export class ToolArgumentsError extends Error {}

/** Rows of one kind of the user's data. */
export type Rows = (kind: string) => readonly ClientRow[];

/** A tool whose arguments are checked by its own schema when it is used. */
export type AgentTool = ReadTool | WriteTool | ServerTool;

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

/** Carried out by the server, for the user whose message it is. Throws `z.ZodError` for arguments outside the schema. */
export interface ServerTool extends ToolBase {
  readonly kind: 'server';
  assert(args: unknown): void;
  /** `id` is the same when the work is replayed after a crash, so that its effect happens once. */
  run(args: unknown, id: string): Promise<unknown>;
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

export function serverTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  run: (args: A, id: string) => Promise<unknown>,
): ServerTool {
  return {
    ...base(name, description, args),
    kind: 'server',
    assert: (raw) => void args.parse(given(raw)),
    run: (raw, id) => run(args.parse(given(raw)), id),
  };
}

/** A table that agents write to: from it derive the tools that create, update and delete its records. */
export interface EntityTable<F extends z.ZodRawShape, U extends z.ZodRawShape> {
  readonly table: string;
  /** In the names of the tools: `create_task`. */
  readonly noun: string;
  readonly fields: F;
  /** Fields that only an update has. */
  readonly updateFields?: U;
  /** Describes the argument `task_id`. */
  readonly id: string;
  readonly descriptions: { readonly create: string; readonly update: string; readonly delete: string };
  /** Refuses values that contradict each other: all of a create, the changes and the id of an update. @throws ToolArgumentsError */
  readonly check?: (values: ClientRow, tool: ToolContext) => void;
}

export function entityTools<F extends z.ZodRawShape, U extends z.ZodRawShape>(
  entity: EntityTable<F, U>,
): readonly WriteTool[] {
  const { table, noun, fields, updateFields, descriptions, check } = entity;
  const idName = `${noun}_id`;
  const ids = { [idName]: z.string().min(1).max(256).describe(entity.id) };
  const changed: z.ZodType<ClientRow> = z
    .object({ ...fields, ...updateFields })
    .partial()
    .extend(ids);
  return [
    writeTool(`create_${noun}`, descriptions.create, z.object(fields), (values, tool) => {
      const given = withoutUnchanged(values);
      assertComplete(fields, given);
      check?.(given, tool);
      return createIn(table, given, tool);
    }),
    writeTool(`update_${noun}`, descriptions.update, changed, ({ [idName]: id, ...values }, tool) => {
      const changes = withoutUnchanged(values);
      if (Object.keys(changes).length === 0) throw new ToolArgumentsError('There is nothing to change');
      check?.({ id, ...changes }, tool);
      return { type: 'update_record', table, data: { id, ...changes }, agent: null };
    }),
    writeTool(`delete_${noun}`, descriptions.delete, z.object(ids), ({ [idName]: id }) => deleteIn(table, String(id))),
  ];
}

export function createIn(table: string, data: ClientRow, { newId }: ToolContext): PlanAction {
  return { type: 'create_record', table, data: { id: newId(), ...withoutUnchanged(data) }, agent: null };
}

/** A required time may be given as -1, which is no value for a create. */
function assertComplete(fields: z.ZodRawShape, values: ClientRow): void {
  const missing = Object.entries(fields).find(
    ([name, field]) => values[name] === undefined && !z.safeParse(field, undefined).success,
  );
  if (missing) throw new ToolArgumentsError(`${missing[0]} must have a value`);
}

export function deleteIn(table: string, id: string): PlanAction {
  return { type: 'delete_record', table, data: { id }, agent: null };
}

/** Without absent fields and integers of -1, which mean "leave as it is". */
export function withoutUnchanged(values: ClientRow): ClientRow {
  return Object.fromEntries(Object.entries(given(values)).filter(([, value]) => value !== UNCHANGED));
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
