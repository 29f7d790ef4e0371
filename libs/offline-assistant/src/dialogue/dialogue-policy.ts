import { itemsFor, type Item } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import { ENTITY_DEFINITIONS } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import type { Replies } from '../lexicon/replies/replies';
import { instantIn } from '../slots/date-slots';
import type { Request } from '../slots/request';
import { toInstant, toLocal } from '../text/time-zone';
import { confirmDelete } from './delete-confirmation';
import { resolve, rowsIn } from './entity-resolver';
import { describe } from './result-renderer';
import { argumentsFor, isRequired, type Found } from './tool-arguments';
import { toolFor, type OfferedTool } from './tool-mapping';
import type { Outcome, Step, Turn } from './turn';

/** A clause with the tool that does it. */
export interface PendingAction {
  readonly request: Request;
  readonly tool: OfferedTool;
  readonly antecedent: Antecedent | undefined;
  /** The user has said yes to deleting this. */
  readonly confirmed: boolean;
}

const MAX_OUTCOMES = 4;
const STARTS = ['start', 'start_time', 'starts_at', 'date', 'start_at', 'start_date'];

/** What this action needs next, from what its calls have brought so far: data in, step out. */
export function nextStep(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { action, type } = pending.request;
  const replies = repliesOf(pending);
  const failed = outcomes.find((outcome) => errorIn(outcome.result) !== undefined);
  if (failed) return { text: fill(replies.failed, { error: errorIn(failed.result) ?? '' }) };
  const done = outcomes.find(
    (outcome) => outcome.name === pending.tool.name && (action !== 'get' || !isLookup(pending, outcome)),
  );
  if (done && (!isLookup(pending, done) || outcomes.length > 1))
    return { text: describe(pending.request, done, outcomes, turn.context) };
  if (outcomes.length >= MAX_OUTCOMES) return { text: replies.gaveUp };
  if (pending.request.invalidDate) return { text: replies.invalidDate };
  if (action === 'create' && type === 'comment') return comment(pending, turn, outcomes);
  if (action === 'create' || action === 'draft') return create(pending, turn, outcomes);
  if (action === 'update') return change(pending, turn, outcomes);
  if (action === 'delete') return remove(pending, turn, outcomes);
  if (action === 'get' || type === 'comment') return read(pending, turn, outcomes);
  return query(pending, turn, outcomes);
}

function create(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request, tool } = pending;
  const { type } = request;
  const replies = repliesOf(pending);
  if (type !== 'email' && request.title === undefined)
    return { text: fill(replies.titleOf, { the: replies.the[type], one: replies.one[type] }) };
  const project = projectOf(pending, turn, outcomes);
  if ('calls' in project) return project;
  // A milestone needs a project: the one that this message has just created.
  const id = project.id ?? (type === 'checkpoint' ? turn.context.created?.id : undefined);
  if (id === undefined && isRequired(tool, 'project_id') && type === 'checkpoint')
    return { text: whichProject(pending, turn) };
  const timed = STARTS.find((name) => isRequired(tool, name));
  if ((type === 'event' || type === 'checkpoint') && timed && request.start === undefined)
    return { text: fill(replies.whichDate, { name: request.title ?? replies.one[type] }) };
  return call(pending, foundIn(pending, turn, id === undefined ? {} : { project_id: id }));
}

function comment(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  if (pending.request.content === undefined) return { text: repliesOf(pending).commentText };
  const task = resolve({ ...pending.request, type: 'task' }, turn, outcomes, pending.antecedent);
  return 'item' in task ? call(pending, foundIn(pending, turn, { task_id: task.item.id })) : task;
}

function change(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request } = pending;
  const { type } = request;
  const replies = repliesOf(pending);
  if (request.bulk === true) return { text: replies.bulkChange };
  const target = resolve(request, turn, outcomes, pending.antecedent);
  if (!('item' in target)) return target;
  const project = projectOf(pending, turn, outcomes);
  if ('calls' in project) return project;
  const ids = {
    ...(project.id === undefined ? {} : { project_id: project.id }),
    [ENTITY_DEFINITIONS[type].idArgument]: target.item.id,
  };
  const reader =
    type === 'note' && request.content !== undefined && request.replaces !== true
      ? toolFor({ action: 'get', type }, turn.tools)
      : undefined;
  const note = outcomes.find((outcome) => outcome.name === reader?.name);
  if (reader && !note) return { calls: [{ name: reader.name, args: { note_id: target.item.id } }] };
  const content = note ? appended(request.content ?? '', note.result) : undefined;
  const changed = { ...pending, request: onItsDay(request, target.item, turn) };
  const step = call(changed, { ...foundIn(changed, turn, ids), ...(content === undefined ? {} : { content }) });
  const given = 'calls' in step ? Object.values(step.calls[0]?.args ?? {}).filter((value) => value !== -1) : [];
  return given.length > 1 ? step : { text: fill(replies.whatChange, { name: target.item.name }) };
}

/** "I meant at 11": the new time on the day that the thing has. */
function onItsDay(request: Request, { row }: Item, { context }: Turn): Request {
  const own = instantIn(row['due_date'] ?? row['date'] ?? row['start_time'] ?? row['starts_at'] ?? row['start']);
  if (!request.timeOnly || own === undefined || own < context.now) return request;
  const at = toInstant({ ...toLocal(own, context.zone), ...request.timeOnly }, context.zone);
  return { ...request, due: at, start: at };
}

function remove(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request } = pending;
  const { type } = request;
  const replies = repliesOf(pending);
  if (!pending.confirmed && request.bulk === true) return { text: replies.bulkDelete };
  const target = resolve(request, turn, outcomes, pending.antecedent);
  if (!('item' in target)) return target;
  if (pending.confirmed)
    return call(pending, foundIn(pending, turn, { [ENTITY_DEFINITIONS[type].idArgument]: target.item.id }));
  const says =
    type === 'comment' && target.item.id !== target.item.name
      ? fill(replies.commentSays, { name: target.item.name })
      : '';
  return {
    text:
      says + confirmDelete(type, type === 'comment' ? target.item.id : target.item.name, request.lexicon.data.language),
  };
}

function read(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request, tool, antecedent } = pending;
  const { type } = request;
  const needsTask = type === 'comment' && 'task_id' in tool.properties;
  const id = needsTask ? 'task_id' : ENTITY_DEFINITIONS[type].idArgument;
  if (!(id in tool.properties)) return call(pending, foundIn(pending, turn, {}));
  const target = resolve(needsTask ? { ...request, type: 'task' } : request, turn, outcomes, antecedent);
  return 'item' in target ? call(pending, foundIn(pending, turn, { [id]: target.item.id })) : target;
}

/** A list or a figure; a project that is only named is looked up first. */
function query(pending: PendingAction, turn: Turn, outcomes: readonly Outcome[]): Step {
  const project = projectOf(pending, turn, outcomes);
  if ('calls' in project) return project;
  return call(pending, foundIn(pending, turn, project.id === undefined ? {} : { project_id: project.id }));
}

/** The project that a clause names, looked up where a tool for that is at hand. */
function projectOf(
  pending: PendingAction,
  turn: Turn,
  outcomes: readonly Outcome[],
): { readonly id?: string } | Extract<Step, { calls: unknown }> {
  const { project, type } = pending.request;
  if (!project || !('project_id' in pending.tool.properties) || type === 'project') return {};
  if ('item' in project) return { id: project.item.id };
  if ('id' in project) return { id: project.id };
  const request: Request = {
    action: 'get',
    type: 'project',
    lexicon: pending.request.lexicon,
    reference: project.name,
  };
  const found = resolve(request, turn, outcomes, undefined);
  if ('item' in found) return { id: found.item.id };
  return 'calls' in found ? found : {};
}

function call(pending: PendingAction, found: Found): Step {
  return { calls: [{ name: pending.tool.name, args: argumentsFor(pending.tool, pending.request, found) }] };
}

function foundIn(pending: PendingAction, turn: Turn, ids: Record<string, string>): Found {
  const { request, tool } = pending;
  const { project, client, reference, action, type } = request;
  const places = {
    ...(project && 'item' in project && type !== 'project' ? { project_id: project.item.id } : {}),
    ...(client && 'item' in client ? { client_id: client.item.id } : {}),
  };
  const search = action === 'get' ? reference : request.search;
  return {
    ids: onlyIn(tool, { ...places, ...ids }),
    me: turn.context.me,
    counted: countedIn(request),
    ...(search ? { search } : {}),
  };
}

/** The table that a question about figures speaks of. */
function countedIn({ type, lexicon, reference }: Request): string | undefined {
  if (type !== 'figure') return undefined;
  const words = (reference ?? '').toLowerCase();
  const named = (one: EntityType): boolean =>
    [lexicon.data.entities[one].one, lexicon.data.entities[one].many].some((phrases) =>
      phrases.split('|').some((phrase) => words.includes(phrase.toLowerCase())),
    );
  return named('project') && !named('task') ? 'projects' : named('checkpoint') ? 'checkpoints' : 'tasks';
}

function onlyIn(tool: OfferedTool, ids: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([name]) => name in tool.properties));
}

/** Whether an outcome only looked for the thing that the action is about. */
function isLookup(pending: PendingAction, outcome: Outcome): boolean {
  const { action } = pending.request;
  return (action === 'update' || action === 'delete' || action === 'create') && outcome.name !== pending.tool.name;
}

function appended(added: string, note: unknown): string {
  const [row] = rowsIn(note);
  const old = typeof row?.['content'] === 'string' ? row['content'] : '';
  const bullet = /^\s*[-*] /.exec(old.trimEnd().split('\n').at(-1) ?? '')?.[0] ?? '';
  return old === '' ? added : `${old.trimEnd()}\n${/^\s*[-*] /.test(added) ? '' : bullet}${added}`;
}

function whichProject(pending: PendingAction, turn: Turn): string {
  const { project } = pending.request;
  const replies = repliesOf(pending);
  const unknown = project && 'name' in project ? fill(replies.noProject, { name: project.name }) : '';
  const names = itemsFor(turn.context, 'project')
    .slice(0, 5)
    .map((item: Item) => `'${item.name}'`);
  return `${unknown}${replies.whichProject}${names.length > 0 ? fill(replies.knownProjects, { names: names.join(', ') }) : ''}`;
}

function repliesOf({ request }: PendingAction): Replies {
  return repliesIn(request.lexicon.data.language);
}

function errorIn(result: unknown): string | undefined {
  const [row] = Array.isArray(result) ? [] : rowsIn(result);
  return typeof row?.['error'] === 'string' ? row['error'].slice(0, 300) : undefined;
}
