import { z } from 'zod';

import { fold } from './draft';
import type { Thing } from './nouns';
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
  /** The comments of the tasks; they are found by their author and their task too. */
  readonly comments: readonly Item[];
  readonly checkpoints: readonly Item[];
  readonly notes: readonly Item[];
  readonly events: readonly Item[];
}

/** Things that people call by name. */
export const NAMEABLE = ['task', 'checkpoint', 'note', 'event', 'project'] as const satisfies readonly Thing[];

export function itemsFor(context: Context, thing: Thing): readonly Item[] {
  const known: Partial<Record<Thing, readonly Item[]>> = {
    task: context.tasks,
    comment: context.comments,
    checkpoint: context.checkpoints,
    project: context.projects,
    note: context.notes,
    event: context.events,
  };
  return known[thing] ?? [];
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
      checkpoints: lenientRows.optional(),
      notes: lenientRows.optional(),
      events: lenientRows.optional(),
    })
    .optional()
    .catch(undefined),
  recent_tasks: lenientRows.optional(),
});

/**
 * What the caller tells between `<context>` and `</context>` in the system message; without it, now in UTC and
 * nothing known.
 */
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
    comments: commentsOf(told.recent_tasks ?? []),
    checkpoints: itemsOf(told.user_profile?.checkpoints ?? []),
    notes: itemsOf(told.user_profile?.notes ?? []),
    events: itemsOf(told.user_profile?.events ?? []),
  };
}

function commentsOf(tasks: readonly unknown[]): Item[] {
  return itemsOf(tasks)
    .slice(0, 100)
    .flatMap((task) => {
      const comments = Array.isArray(task.row['comments']) ? itemsOf(task.row['comments']) : [];
      return comments.map((comment) => ({ ...comment, folded: `${comment.folded} ${task.folded}` }));
    });
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
  const author = typeof fields['author'] === 'string' ? ` ${fold(fields['author'].slice(0, 80))}` : '';
  return { id: String(id), name: short, folded: fold(short.normalize('NFC')).trim() + author, row: fields };
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
