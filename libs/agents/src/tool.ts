import { z } from 'zod';
import type { ChatContext, ClientRow } from './chat-context';

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

interface ToolBase<A> {
  readonly name: string;
  readonly description: string;
  readonly args: z.ZodType<A>;
}

/** Looks something up in what the client has shown, or asks the client. */
export interface ReadTool<A = never> extends ToolBase<A> {
  readonly kind: 'read';
  look(args: A, tool: ToolContext): unknown;
}

/** Touches no data: says what the client is to do. */
export interface WriteTool<A = never> extends ToolBase<A> {
  readonly kind: 'write';
  act(args: A, tool: ToolContext): PlanAction;
}

/** A tool whose arguments are checked by its own schema when it is used. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly kind: 'read' | 'write';
  /** JSON schema of the arguments. */
  readonly schema: Record<string, unknown>;
  /** Throws `z.ZodError` for arguments outside the schema. */
  parse(args: unknown): Readonly<Record<string, unknown>>;
  use(args: unknown, tool: ToolContext): ToolOutcome;
}

export type ToolOutcome = { readonly result: unknown } | { readonly action: PlanAction };

export function readTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  look: (args: A, tool: ToolContext) => unknown,
): AgentTool {
  return {
    ...base(name, description, 'read', args),
    use: (raw, tool) => ({ result: look(args.parse(given(raw)), tool) }),
  };
}

export function writeTool<A extends ClientRow>(
  name: string,
  description: string,
  args: z.ZodType<A>,
  act: (args: A, tool: ToolContext) => PlanAction,
): AgentTool {
  return {
    ...base(name, description, 'write', args),
    use: (raw, tool) => ({ action: act(args.parse(given(raw)), tool) }),
  };
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

function base<A extends ClientRow>(name: string, description: string, kind: 'read' | 'write', args: z.ZodType<A>) {
  const { $schema: _, ...schema } = z.toJSONSchema(args, { io: 'input', unrepresentable: 'any' });
  return { name, description, kind, schema, parse: (raw: unknown) => args.parse(given(raw)) };
}

/** Models write `null` for what they do not give; that means absent. */
function given<T>(raw: T): T {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined)) as T;
}
