import { numberIn, type ClientRow } from './chat-context';
import { sortBy } from './row-filters';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const MAX_TITLES = 20;

export interface Stat {
  readonly count: number;
  /** The first of them by name, so that the report can say which. */
  readonly titles: readonly string[];
}

/** How many rows there are for each value of a member; rows without one count as `none`. */
export function countBy(rows: readonly ClientRow[], member: string | undefined): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = member === undefined ? undefined : row[member];
    const group = typeof value === 'string' || typeof value === 'boolean' ? String(value) : 'none';
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return member === undefined ? { all: rows.length } : Object.fromEntries(counts);
}

/** Tasks made and finished in each of the last weeks, the present one last; a week is the seven days that end now. */
export function weeklyTrend(tasks: readonly ClientRow[], now: Date, weeks: number) {
  return Array.from({ length: weeks }, (_, index) => {
    const end = now.getTime() - (weeks - 1 - index) * WEEK_MS;
    const inWeek = (at: number | undefined): boolean => at !== undefined && at > end - WEEK_MS && at <= end;
    return {
      week_ending: new Date(end).toISOString().slice(0, 10),
      created: tasks.filter((task) => inWeek(numberIn(task, 'created_at'))).length,
      done: tasks.filter((task) => inWeek(doneAt(task))).length,
    };
  });
}

/** What the last seven days brought and the next seven will bring. */
export function weeklyReport(
  tasks: readonly ClientRow[],
  projects: readonly ClientRow[],
  checkpoints: readonly ClientRow[],
  now: Date,
) {
  const at = now.getTime();
  const open = tasks.filter((task) => task['status'] !== 'done');
  const between = (value: number | undefined, from: number, to: number): boolean =>
    value !== undefined && value > from && value <= to;
  return {
    period: { from: at - WEEK_MS, to: at },
    tasks: {
      done: stat(tasks.filter((task) => between(doneAt(task), at - WEEK_MS, at))),
      created: stat(tasks.filter((task) => between(numberIn(task, 'created_at'), at - WEEK_MS, at))),
      in_progress: stat(tasks.filter((task) => task['status'] === 'in_progress')),
      overdue: stat(open.filter((task) => between(numberIn(task, 'due_date'), 0, at))),
      due_next_week: stat(open.filter((task) => between(numberIn(task, 'due_date'), at, at + WEEK_MS))),
    },
    projects: { active: stat(projects.filter((project) => project['status'] !== 'archived')) },
    checkpoints: {
      reached: stat(checkpoints.filter((checkpoint) => between(numberIn(checkpoint, 'date'), at - WEEK_MS, at))),
      next_week: stat(checkpoints.filter((checkpoint) => between(numberIn(checkpoint, 'date'), at, at + WEEK_MS))),
    },
  };
}

function stat(rows: readonly ClientRow[]): Stat {
  const titles = sortBy(rows, 'due_date')
    .map((row) => row['title'] ?? row['name'])
    .filter((name) => typeof name === 'string');
  return { count: rows.length, titles: titles.slice(0, MAX_TITLES) };
}

function doneAt(task: ClientRow): number | undefined {
  return task['status'] === 'done' ? (numberIn(task, 'completed_at') ?? numberIn(task, 'updated_at')) : undefined;
}
