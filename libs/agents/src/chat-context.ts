import { z } from 'zod';

const Text = z.string().max(1_048_576);
const Row = z.looseObject({ id: z.string().max(256).optional() });
const NamedRow = z.looseObject({ id: z.string().max(256).optional(), name: z.string().max(1_000).optional() });

/** What the client chooses to show of the user's data for one message. Kept nowhere. Members that we do not know are passed on to the agents. */
export const ChatContextShape = z.strictObject({
  user_profile: z
    .looseObject({
      name: z.string().max(1_000).optional(),
      locale: z.string().max(64).optional(),
      timezone: z.string().max(64).optional(),
      projects: z.array(NamedRow).optional(),
      clients: z.array(NamedRow).optional(),
    })
    .optional(),
  relevant_documents: z.array(Text).optional(),
  recent_tasks: z.array(Row).optional(),
  conversation_history: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: Text })).optional(),
});

export type ChatContext = z.infer<typeof ChatContextShape>;

/** An object of the user's, as the client has it. */
export type ClientRow = Readonly<Record<string, unknown>>;

/** The rows of one kind that the client has shown: tasks and projects have their own place, others may lie in the profile. */
export function rowsOf(context: ChatContext, kind: string): readonly ClientRow[] {
  if (kind === 'tasks') return context.recent_tasks ?? [];
  const listed = context.user_profile?.[kind];
  const rows = Array.isArray(listed) ? listed.filter(isRow) : [];
  if (kind !== 'notes') return rows;
  return [...rows, ...(context.relevant_documents ?? []).map((content) => ({ content }))];
}

/** The user's IANA time zone, UTC where the client names none or one that does not exist. */
export function timezoneOf(context: ChatContext): string {
  const zone = context.user_profile?.timezone;
  if (zone === undefined) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

export function numberIn(row: ClientRow, member: string): number | undefined {
  const value = row[member];
  return typeof value === 'number' ? value : undefined;
}

function isRow(value: unknown): value is ClientRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
