import { itemsFor, itemsOf, type AssistantContext } from '../entities/assistant-context';
import { ENTITY_DEFINITIONS } from '../entities/entity-definitions';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import type { Replies } from '../lexicon/replies/replies';
import { instantIn } from '../slots/date-slots';
import type { Request } from '../slots/request';
import { shorten } from '../text/title-text';
import { sayDate } from './date-text';
import { rowsIn, type Row } from './entity-resolver';
import { figuresText } from './figures-text';
import type { Outcome } from './turn';

const MAX_ROWS = 20;

/** What a finished call means, in plain words of the language of the message. */
export function describe(
  request: Request,
  outcome: Outcome,
  outcomes: readonly Outcome[],
  context: AssistantContext,
): string {
  const { action, type } = request;
  const replies = repliesIn(request.lexicon.data.language);
  const data = dataOf(outcome);
  if (action === 'create') return created(request, data, context, replies);
  if (action === 'draft') return drafted(request, replies);
  if (action === 'update')
    return changed(request, data, outcome, nameById(request, outcome, outcomes, context), context, replies);
  if (action === 'delete') return fill(replies.deleted, { the: replies.the[type], name: request.reference ?? '' });
  if (type === 'figure') return figuresText(outcome.result, replies, request.lexicon.data.language, context);
  if (action === 'get' && type !== 'task')
    return (
      single(rowsIn(outcome.result)[0], request, context, replies) ?? fill(replies.notFound, { one: replies.one[type] })
    );
  return list(request, outcome, context, replies);
}

function created(request: Request, data: Row, context: AssistantContext, replies: Replies): string {
  const { type, project } = request;
  const task = nameOf(request.target?.row);
  if (type === 'comment') return task ? fill(replies.commentedOn, { name: task }) : replies.commented;
  const name = nameOf(data) ?? request.title ?? '';
  const unknown =
    project && 'name' in project && data['project_id'] === undefined
      ? fill(replies.unknownProject, { name: project.name })
      : '';
  return (
    fill(replies.created, { the: replies.the[type], name, details: details(data, request, context, replies) }) + unknown
  );
}

function drafted({ people, title }: Request, replies: Replies): string {
  const to = people?.length ? fill(replies.draftedTo, { names: people.join(', ') }) : '';
  const about = title ? fill(replies.draftedAbout, { name: title }) : '';
  return fill(replies.drafted, { to, about });
}

function changed(
  request: Request,
  data: Row,
  outcome: Outcome,
  name: string,
  context: AssistantContext,
  replies: Replies,
): string {
  const { type } = request;
  const the = replies.the[type];
  const fields: Row = { ...outcome.args, ...data, ...(type === 'project' ? { project_id: undefined } : {}) };
  if (fields['status'] === 'archived' || fields['is_archived'] === true) return fill(replies.archived, { the, name });
  if (fields['status'] === 'active' || fields['is_archived'] === false) return fill(replies.restored, { the, name });
  const others = details({ ...fields, status: undefined }, request, context, replies);
  if (fields['status'] === 'done' && others === '') return fill(replies.done, { the, name });
  const renamed =
    request.title && nameOf(fields) === request.title ? `, ${fill(replies.renamedTo, { name: request.title })}` : '';
  const back = fields['status'] === 'todo' ? `, ${replies.status['todo'] ?? ''}` : '';
  return fill(replies.changed, {
    the,
    name,
    details: `${renamed}${details(fields, request, context, replies)}${back}`,
  });
}

/** What the changed thing is called where the user knows it: in the context or in the lists of this turn. */
function nameById(request: Request, outcome: Outcome, outcomes: readonly Outcome[], context: AssistantContext): string {
  const id = outcome.args[ENTITY_DEFINITIONS[request.type].idArgument];
  const rows = outcomes.flatMap((other) => itemsOf(rowsIn(other.result)));
  const item = [...itemsFor(context, request.type), ...rows].find((candidate) => candidate.id === id);
  return item?.name ?? request.target?.name ?? request.reference ?? '';
}

function details(data: Row, request: Request, context: AssistantContext, replies: Replies): string {
  const { language } = request.lexicon.data;
  const parts: string[] = [];
  const due = instantIn(data['due_date'] ?? data['date']);
  const start = instantIn(data['start'] ?? data['start_time'] ?? data['starts_at']);
  if (due !== undefined) parts.push(fill(replies.due, { date: sayDate(due, context, language) }));
  if (start !== undefined) parts.push(sayDate(start, context, language));
  if (typeof data['priority'] === 'string' && data['priority'] !== '')
    parts.push(replies.priority[data['priority']] ?? data['priority']);
  if (typeof data['status'] === 'string' && data['status'] !== 'todo')
    parts.push(replies.status[data['status']] ?? data['status']);
  const people = peopleIn(data['assignees'] ?? data['attendees']);
  if (people) parts.push(fill(replies.for, { names: people }));
  const project = itemsFor(context, 'project').find((item) => item.id === data['project_id']);
  if (project) parts.push(fill(replies.inProject, { name: project.name }));
  return parts.map((part) => `, ${part}`).join('');
}

function list(request: Request, outcome: Outcome, context: AssistantContext, replies: Replies): string {
  const { action, type, range } = request;
  const all =
    Array.isArray(outcome.result) || rowsIn(outcome.result)[0]?.['id'] !== undefined || hasList(outcome.result)
      ? rowsIn(outcome.result)
      : [];
  const rows = all.filter((row) => fits(row, request));
  const many = replies.many[type];
  if (rows.length === 0 && action === 'today') return replies.nothingDue;
  if (rows.length === 0) return fill(range?.label === 'overdue' ? replies.noneOverdue : replies.none, { many });
  const lines = rows
    .slice(0, MAX_ROWS)
    .map((row) => `- ${nameOf(row) ?? replies.nameless}${details(row, request, context, replies)}`);
  const more = rows.length > MAX_ROWS ? `\n${fill(replies.more, { n: String(rows.length - MAX_ROWS) })}` : '';
  const title =
    action === 'today' ? replies.dueToday : `${rows.length} ${rows.length === 1 ? replies.one[type] : many}`;
  return `${title}:\n${lines.join('\n')}${more}`;
}

/** The tools know no dates and priorities to filter by, so the assistant filters what they brought. */
function fits(row: Row, request: Request): boolean {
  const { range, priority, type } = request;
  if (priority && row['priority'] !== priority) return false;
  if (request.target && row['id'] !== request.target.id && type !== 'comment') return false;
  if (request.status && typeof row['status'] === 'string' && row['status'] !== request.status) return false;
  const people = (peopleIn(row['assignees']) ?? '').toLowerCase();
  if (type === 'task' && request.people?.some((name) => !people.includes(name.toLowerCase()))) return false;
  if (!range || request.action === 'today' || request.status === 'done') return true;
  const at = instantIn(row['due_date'] ?? row['date'] ?? row['start'] ?? row['start_time'] ?? row['starts_at']);
  if (range.label === 'overdue') return at !== undefined && at < range.to && row['status'] !== 'done';
  return at === undefined ? type !== 'task' : at >= range.from && at < range.to;
}

function single(
  row: Row | undefined,
  request: Request,
  context: AssistantContext,
  replies: Replies,
): string | undefined {
  if (!row) return undefined;
  const content = [row['content'], row['body'], row['description']].find(
    (value) => typeof value === 'string' && value !== '',
  );
  const head = `${nameOf(row) ?? replies.nameless}${details(row, request, context, replies)}`;
  return typeof content === 'string' && content !== nameOf(row) ? `${head}\n\n${content.slice(0, 20_000)}` : `${head}.`;
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
