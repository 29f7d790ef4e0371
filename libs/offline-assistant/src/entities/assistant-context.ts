import { z } from 'zod';
import { LANGUAGES, type EntityType, type Language } from '../lexicon/lexicon';
import { fold } from '../text/clean';
import { timeZoneOf } from '../text/time-zone';

/** A thing of the user's with a name, as the caller or a tool showed it. */
export interface Item {
  readonly id: string;
  readonly name: string;
  /** The name as it is compared. */
  readonly folded: string;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface AssistantContext {
  readonly now: number;
  readonly zone: string;
  readonly language: Language;
  /** Whether the locale writes the month before the day. */
  readonly monthFirst: boolean;
  readonly locale: string;
  readonly me: string | undefined;
  /** Whether the caller showed any rows; without, nothing is known about what exists. */
  readonly hasRows: boolean;
  /** The project that an earlier step of this message created. */
  readonly created: Item | undefined;
  readonly clients: readonly Item[];
  readonly items: Readonly<Partial<Record<EntityType, readonly Item[]>>>;
  /** The topics of an interview, which the agent is to ask for; empty for every other agent. */
  readonly interview: readonly string[];
  readonly memories: readonly string[];
}

export function itemsFor(context: AssistantContext, type: EntityType): readonly Item[] {
  return context.items[type] ?? [];
}

const MAX_ITEMS = 500;
const OPENS = '<context>';
const CLOSES = '</context>';
const MONTH_FIRST = /^en(?:[-_]us|[-_]ph|[-_]bz)?$/i;

const row = z.record(z.string(), z.unknown());
const lenientRows = z.array(z.unknown()).catch([]);
const lenientTexts = z.array(z.string()).optional().catch([]);
const profile = z.looseObject({
  name: z.string().optional().catch(undefined),
  locale: z.string().optional().catch(undefined),
  timezone: z.string().optional().catch(undefined),
  projects: lenientRows.optional(),
  clients: lenientRows.optional(),
  checkpoints: lenientRows.optional(),
  notes: lenientRows.optional(),
  events: lenientRows.optional(),
});
const shape = z.object({
  now: z.union([z.string(), z.number()]).optional().catch(undefined),
  timezone: z.string().optional().catch(undefined),
  user_profile: profile.optional().catch(undefined),
  recent_tasks: lenientRows.optional(),
  previous_results: lenientRows.optional(),
  interview: lenientTexts,
  memories: lenientTexts,
});
const result = z.object({ actions: z.array(z.object({ type: z.string(), table: z.string(), data: row })) });

/**
 * What the caller tells between `<context>` and `</context>` in the system message; without it, now in UTC and
 * nothing known.
 */
export function contextOf(system: string, clock: () => number): AssistantContext {
  const parsed = shape.safeParse(jsonIn(system));
  const told = parsed.success ? parsed.data : {};
  const user = told.user_profile;
  const now = new Date(told.now ?? clock()).getTime();
  const tasks = [...created(told.previous_results, 'tasks'), ...(told.recent_tasks ?? [])];
  const projects = [...created(told.previous_results, 'projects'), ...(user?.projects ?? [])];
  const items = {
    task: itemsOf(tasks),
    comment: commentsOf(tasks),
    checkpoint: itemsOf(user?.checkpoints ?? []),
    project: itemsOf(projects),
    note: itemsOf(user?.notes ?? []),
    event: itemsOf(user?.events ?? []),
  };
  const locale = localeOf(user?.locale);
  return {
    now: Number.isFinite(now) ? now : clock(),
    zone: timeZoneOf(told.timezone ?? user?.timezone),
    language: LANGUAGES.find((language) => locale.toLowerCase().startsWith(language)) ?? 'en',
    monthFirst: MONTH_FIRST.test(locale),
    locale,
    me: user?.name,
    hasRows: Object.values(items).some((list) => list.length > 0),
    created: itemsOf(created(told.previous_results, 'projects')).at(-1),
    clients: itemsOf(user?.clients ?? []),
    items,
    interview: told.interview ?? [],
    memories: told.memories ?? [],
  };
}

/** What earlier agents of this message created, so that later steps can refer to it. */
function created(results: readonly unknown[] | undefined, table: string): unknown[] {
  return (results ?? []).flatMap((one) => {
    const parsed = result.safeParse(one);
    const actions = parsed.success ? parsed.data.actions : [];
    return actions
      .filter((action) => action.type === 'create_record' && action.table === table)
      .map(({ data }) => data);
  });
}

function localeOf(name: string | undefined): string {
  if (name === undefined || !/^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$/i.test(name)) return 'en';
  return name.replaceAll('_', '-');
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
  return rows.slice(0, MAX_ITEMS).flatMap((candidate) => {
    const parsed = row.safeParse(candidate);
    const item = parsed.success ? itemOf(parsed.data) : undefined;
    return item ? [item] : [];
  });
}

const NAMES = ['title', 'name', 'subject', 'content'];

function itemOf(fields: Readonly<Record<string, unknown>>): Item | undefined {
  const id = fields['id'];
  const name = NAMES.map((column) => fields[column]).find((value) => typeof value === 'string');
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
