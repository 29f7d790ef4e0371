import { itemsFor, itemsOf, type Context } from './context';
import type { Request } from './request';
import { rowsIn } from './resolve';
import { shorten } from './wording';
import { wallOf, weekdayOf } from './zone';
import type { Outcome } from './turn';

type Row = Readonly<Record<string, unknown>>;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const STATUS: Readonly<Record<string, string>> = {
  todo: 'to do',
  in_progress: 'in progress',
  done: 'done',
  active: 'active',
  archived: 'archived',
};
const MOST_ROWS = 20;

/** What a finished call means, in plain words. */
export function describe(request: Request, outcome: Outcome, outcomes: readonly Outcome[], context: Context): string {
  const { act, thing } = request.command;
  const data = dataOf(outcome);
  if (act === 'create') return created(request, data, context);
  if (act === 'draft') return drafted(request);
  if (act === 'update') return changed(request, data, outcome, nameById(request, outcome, outcomes, context), context);
  if (act === 'delete') return `Deleted the ${thing}${request.reference ? ` '${request.reference}'` : ''}.`;
  if (thing === 'figure') return figures(outcome.result);
  if (act === 'get' && thing !== 'task')
    return single(rowsIn(outcome.result)[0], context) ?? `I found no such ${thing}.`;
  return list(request, outcome, context);
}

/** "Thursday 5 March 2026, 17:00"; a day's last minute and its first stand for the whole day. */
export function sayDate(instant: number, zone: string): string {
  if (!Number.isFinite(instant) || Math.abs(instant) > 8.64e15) return 'an unknown date';
  const wall = wallOf(instant, zone);
  const day = `${WEEKDAYS[weekdayOf(wall)]} ${wall.day} ${MONTHS[wall.month - 1]} ${wall.year}`;
  const clock = `${String(wall.hour).padStart(2, '0')}:${String(wall.minute).padStart(2, '0')}`;
  return clock === '23:59' || clock === '00:00' ? day : `${day}, ${clock}`;
}

function created(request: Request, data: Row, context: Context): string {
  const { thing } = request.command;
  const task = nameOf(request.target?.row);
  if (thing === 'comment') return task ? `Added the comment to '${task}'.` : 'Added the comment.';
  const name = nameOf(data) ?? request.title ?? '';
  return `Created the ${thing} '${name}'${details(data, context)}.${unknownProject(request)}`;
}

function drafted({ people, title }: Request): string {
  const to = people?.length ? ` to ${people.join(', ')}` : '';
  const about = title ? ` about '${title}'` : '';
  return `Drafted an e-mail${to}${about}. It is a draft with your words only; nothing was sent.`;
}

function changed(request: Request, data: Row, outcome: Outcome, name: string, context: Context): string {
  const { thing } = request.command;
  const what = `the ${thing} '${name}'`;
  const fields: Row = { ...outcome.args, ...data, ...(thing === 'project' ? { project_id: undefined } : {}) };
  const back = fields['status'] === 'todo' ? ', to do' : '';
  if (fields['status'] === 'archived' || fields['is_archived'] === true) return `Archived ${what}.`;
  if (fields['status'] === 'active' || fields['is_archived'] === false) return `Restored ${what}.`;
  const others = details({ ...fields, status: undefined }, context);
  if (fields['status'] === 'done' && others === '') return `Marked ${what} as done.`;
  const renamed = request.title && nameOf(fields) === request.title ? `, now called '${request.title}'` : '';
  return `Changed ${what}${renamed}${details(fields, context)}${back}.`;
}

/** What the changed thing is called where the user knows it: in the context or in the lists of this turn. */
function nameById(request: Request, outcome: Outcome, outcomes: readonly Outcome[], context: Context): string {
  const id = outcome.args[`${request.command.thing}_id`];
  const rows = outcomes.flatMap((other) => itemsOf(rowsIn(other.result)));
  const item = [...itemsFor(context, request.command.thing), ...rows].find((candidate) => candidate.id === id);
  return item?.name ?? request.target?.name ?? request.reference ?? '';
}

function details(data: Row, context: Context): string {
  const parts: string[] = [];
  const due = data['due_date'] ?? data['date'];
  const start = data['start'] ?? data['start_time'] ?? data['starts_at'];
  if (instantIn(due) !== undefined) parts.push(`due ${sayDate(instantIn(due) ?? 0, context.zone)}`);
  if (instantIn(start) !== undefined) parts.push(sayDate(instantIn(start) ?? 0, context.zone));
  if (typeof data['priority'] === 'string' && data['priority'] !== '') parts.push(`${data['priority']} priority`);
  if (typeof data['status'] === 'string' && data['status'] !== 'todo')
    parts.push(STATUS[data['status']] ?? data['status']);
  const people = peopleIn(data['assignees'] ?? data['attendees']);
  if (people) parts.push(`for ${people}`);
  const project = context.projects.find((item) => item.id === data['project_id']);
  if (project) parts.push(`in the project '${project.name}'`);
  return parts.map((part) => `, ${part}`).join('');
}

function list(request: Request, outcome: Outcome, context: Context): string {
  const { act, thing } = request.command;
  const all =
    Array.isArray(outcome.result) || rowsIn(outcome.result)[0]?.['id'] !== undefined || hasList(outcome.result)
      ? rowsIn(outcome.result)
      : [];
  const rows = all.filter((row) => fits(row, request));
  const kind = `${thing === 'email' ? 'e-mail' : thing}s`;
  const when = request.period ? ` ${request.period.label}` : '';
  if (rows.length === 0 && act === 'today') return 'Nothing is due today.';
  if (rows.length === 0) return `I found no ${kind}${when === ' overdue' ? ' that are overdue' : when}.`;
  const lines = rows.slice(0, MOST_ROWS).map((row) => `- ${nameOf(row) ?? 'without a name'}${details(row, context)}`);
  const more = rows.length > MOST_ROWS ? `\n… and ${rows.length - MOST_ROWS} more.` : '';
  const title = act === 'today' ? 'Due today' : `${rows.length} ${rows.length === 1 ? kind.slice(0, -1) : kind}`;
  return `${title}:\n${lines.join('\n')}${more}`;
}

/** The tools know no dates and priorities to filter by, so the reader filters what they brought. */
function fits(row: Row, request: Request): boolean {
  const { period, priority, command } = request;
  if (priority && row['priority'] !== priority) return false;
  if (request.target && row['id'] !== request.target.id && command.thing !== 'comment') return false;
  if (request.status && typeof row['status'] === 'string' && row['status'] !== request.status) return false;
  const people = (peopleIn(row['assignees']) ?? '').toLowerCase();
  if (command.thing === 'task' && request.people?.some((name) => !people.includes(name.toLowerCase()))) return false;
  if (!period || command.act === 'today' || request.status === 'done') return true;
  const at = instantIn(row['due_date'] ?? row['date'] ?? row['start'] ?? row['start_time'] ?? row['starts_at']);
  if (period.label === 'overdue') return at !== undefined && at < period.to && row['status'] !== 'done';
  return at === undefined ? command.thing !== 'task' : at >= period.from && at < period.to;
}

function single(row: Row | undefined, context: Context): string | undefined {
  if (!row) return undefined;
  const content = [row['content'], row['body'], row['description']].find(
    (value) => typeof value === 'string' && value !== '',
  );
  const head = `${nameOf(row) ?? 'Without a name'}${details(row, context)}`;
  return typeof content === 'string' && content !== nameOf(row) ? `${head}\n\n${content.slice(0, 20_000)}` : `${head}.`;
}

/** Numbers as "name: value" lines, nested ones flattened one level. */
function figures(result: unknown): string {
  const rows = rowsIn(Array.isArray(result) ? result : [result]);
  const lines = rows.slice(0, MOST_ROWS).map((row) =>
    Object.entries(row)
      .slice(0, 30)
      .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${flat(value)}`)
      .join(', '),
  );
  const text = typeof result === 'string' || typeof result === 'number' ? String(result) : lines.join('\n');
  return text === '' ? 'There is nothing to count.' : text;
}

function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return shorten(
    JSON.stringify(value)
      .replace(/["{}[\]]/g, '')
      .replaceAll(',', ', ')
      .replaceAll('_', ' '),
    300,
  );
}

function dataOf(outcome: Outcome): Row {
  const [result] = rowsIn([outcome.result]);
  const [action] = rowsIn([result?.['action']]);
  return rowsIn([action?.['data']])[0] ?? outcome.args;
}

function nameOf(row: Row | undefined): string | undefined {
  const name =
    row &&
    [row['title'], row['name'], row['subject'], row['content']].find(
      (value) => typeof value === 'string' && value !== '',
    );
  return typeof name === 'string' ? shorten(name.replace(/\s+/g, ' '), 200) : undefined;
}

function hasList(result: unknown): boolean {
  return rowsIn([result]).some((row) => Object.values(row).some(Array.isArray));
}

function instantIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined;
  const parsed = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function peopleIn(value: unknown): string | undefined {
  const names: unknown = typeof value === 'string' && value.startsWith('[') ? safeParse(value) : value;
  const text = Array.isArray(names)
    ? names.filter((name) => typeof name === 'string').join(', ')
    : typeof names === 'string'
      ? names
      : '';
  return text === '' ? undefined : shorten(text, 100);
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unknownProject(request: Request): string {
  return request.project && 'name' in request.project
    ? ` I know no project '${request.project.name}', so it is in none.`
    : '';
}
