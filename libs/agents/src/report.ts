import type { ClientRow } from './chat-context';
import { countBy, weeklyReport, weeklyTrend } from './analytics';
import { sortBy } from './row-filters';

export const REPORT_KINDS = ['week', 'workload', 'trends'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export interface ReportInput {
  readonly kind: ReportKind;
  readonly tasks: readonly ClientRow[];
  readonly projects: readonly ClientRow[];
  readonly checkpoints: readonly ClientRow[];
  readonly timezone: string;
  /** The moment that the report is about; without it the latest past event of the rows, so that the clock never matters. */
  readonly at?: number | undefined;
}

const DAY_MS = 86_400_000;
/** What is later is no time of an event. */
const MAX_TIME = Date.UTC(10_000, 0, 1);
const TREND_WEEKS = 8;
const MAX_PROJECTS = 50;
const EVENT_TIMES = ['created_at', 'updated_at', 'completed_at'];

/** Computed without a model; the same input gives the same bytes. Weeks end with the local day of the report. */
export function computeReport(input: ReportInput) {
  const end = endOfDay(input.at ?? latestEvent(input), input.timezone);
  const head = { kind: input.kind, timezone: input.timezone, date: localDate(end - 1, input.timezone) };
  if (input.kind === 'week')
    return { ...head, ...weeklyReport(input.tasks, input.projects, input.checkpoints, new Date(end)) };
  if (input.kind === 'workload') return { ...head, ...workload(input, end) };
  const weeks = weeklyTrend(input.tasks, new Date(end), TREND_WEEKS);
  const [done, created] = [total(weeks, 'done'), total(weeks, 'created')];
  return { ...head, weeks, totals: { created, done, open_change: created - done } };
}

/** Open tasks by project, priority and due time. */
function workload({ tasks, projects }: ReportInput, end: number) {
  const open = tasks.filter(({ status }) => status !== 'done');
  const due = (from: number, to: number) =>
    open.filter(({ due_date: at }) => typeof at === 'number' && at > from && at <= to).length;
  const names = new Map(projects.map(({ id, name, title }) => [id, name ?? title]));
  const byProject = Object.entries(countBy(open, 'project_id'))
    .map(([id, count]) => ({ project_id: id === 'none' ? null : id, name: names.get(id) ?? null, open: count }))
    .sort((one, other) => other.open - one.open || compare(one.project_id ?? '', other.project_id ?? ''));
  return {
    open: open.length,
    overdue: due(0, end - DAY_MS),
    due_today: due(end - DAY_MS, end),
    due_next_week: due(end, end + 7 * DAY_MS),
    by_priority: sorted(countBy(open, 'priority')),
    by_status: sorted(countBy(open, 'status')),
    by_project: byProject.slice(0, MAX_PROJECTS),
    next: sortBy(
      open.filter(({ due_date }) => typeof due_date === 'number'),
      'due_date',
    )
      .slice(0, 10)
      .map(({ id, title, due_date }) => ({ id: id ?? null, title: title ?? null, due_date })),
  };
}

function latestEvent({ tasks, projects, checkpoints }: ReportInput): number {
  const times = [...tasks, ...projects, ...checkpoints].flatMap((row) =>
    EVENT_TIMES.map((member) => row[member])
      .filter((value) => typeof value === 'number')
      .filter((time) => time < MAX_TIME),
  );
  return times.reduce((latest, time) => Math.max(latest, time), 0);
}

/** The local midnight that follows `at`. */
function endOfDay(at: number, timezone: string): number {
  const day = localDate(at, timezone);
  // A day has 23 to 25 hours; the first quarter of an hour of the next day is its start.
  const quarter = 900_000;
  for (let time = Math.floor(at / quarter) * quarter + quarter; ; time += quarter)
    if (localDate(time, timezone) !== day) return time;
}

function localDate(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

function total(weeks: readonly { readonly created: number; readonly done: number }[], member: 'created' | 'done') {
  return weeks.reduce((sum, week) => sum + week[member], 0);
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([one], [other]) => compare(one, other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
