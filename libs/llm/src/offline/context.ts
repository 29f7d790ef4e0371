import { z } from 'zod';

import { fold } from './draft';
import { zoneOf } from './zone';

/** A thing of the user's with a name, as the caller or a tool showed it. */
export interface Item {
  readonly id: string;
  readonly name: string;
  /** The name as it is compared. */
  readonly folded: string;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface Context {
  readonly now: number;
  readonly zone: string;
  readonly me: string | undefined;
  readonly projects: readonly Item[];
  readonly clients: readonly Item[];
  readonly tasks: readonly Item[];
}

const MOST_ITEMS = 500;
const OPENS = '<context>';
const CLOSES = '</context>';

const row = z.record(z.string(), z.unknown());
const lenientRows = z.array(z.unknown()).catch([]);
const shape = z.object({
  now: z.union([z.string(), z.number()]).optional().catch(undefined),
  timezone: z.string().optional().catch(undefined),
  user_profile: z
    .object({
      name: z.string().optional().catch(undefined),
      timezone: z.string().optional().catch(undefined),
      projects: lenientRows.optional(),
      clients: lenientRows.optional(),
    })
    .optional()
    .catch(undefined),
  recent_tasks: lenientRows.optional(),
});

/** What the caller tells between `<context>` and `</context>` in the system message; without it, now in UTC and nothing known. */
export function contextOf(system: string, clock: () => number): Context {
  const parsed = shape.safeParse(jsonIn(system));
  const told = parsed.success ? parsed.data : {};
  const now = new Date(told.now ?? clock()).getTime();
  return {
    now: Number.isFinite(now) ? now : clock(),
    zone: zoneOf(told.timezone ?? told.user_profile?.timezone),
    me: told.user_profile?.name,
    projects: itemsOf(told.user_profile?.projects ?? []),
    clients: itemsOf(told.user_profile?.clients ?? []),
    tasks: itemsOf(told.recent_tasks ?? []),
  };
}

/** Rows with an id and something like a name. */
export function itemsOf(rows: readonly unknown[]): Item[] {
  return rows.slice(0, MOST_ITEMS).flatMap((candidate) => {
    const parsed = row.safeParse(candidate);
    const item = parsed.success ? itemOf(parsed.data) : undefined;
    return item ? [item] : [];
  });
}

function itemOf(fields: Readonly<Record<string, unknown>>): Item | undefined {
  const id = fields['id'];
  const name = [fields['title'], fields['name'], fields['subject'], fields['content']].find(
    (value) => typeof value === 'string',
  );
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof name !== 'string') return undefined;
  const short = name.slice(0, 200);
  return { id: String(id), name: short, folded: fold(short.normalize('NFC')).trim(), row: fields };
}

function jsonIn(system: string): unknown {
  const start = system.indexOf(OPENS);
  const end = system.lastIndexOf(CLOSES);
  if (start < 0 || end < start) return {};
  try {
    return JSON.parse(system.slice(start + OPENS.length, end));
  } catch {
    return {};
  }
}
