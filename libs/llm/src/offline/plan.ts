import { argumentsFor, insistsOn, type Found } from './arguments';
import { toolFor, type OfferedTool } from './capabilities';
import { askToDelete } from './confirmation';
import type { Thing } from './nouns';
import { describe } from './phrase';
import type { Request } from './request';
import { resolve, rowsIn } from './resolve';
import type { Outcome, Step, Turn } from './turn';

/** A clause with the tool that does it. */
export interface Job {
  readonly request: Request;
  readonly tool: OfferedTool;
  /** The user has said yes to deleting this. */
  readonly confirmed: boolean;
  readonly text: string;
}

const MOST_OUTCOMES = 4;
const ID_ARGUMENT: Readonly<Record<Thing, string>> = {
  task: 'task_id',
  comment: 'comment_id',
  checkpoint: 'checkpoint_id',
  project: 'project_id',
  note: 'note_id',
  event: 'event_id',
  email: 'email_id',
  figure: 'id',
};

/** What this job needs next, from what its calls have brought so far: data in, step out. */
export function nextStep(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { act, thing } = job.request.command;
  const failed = outcomes.find((outcome) => errorIn(outcome.result) !== undefined);
  if (failed) return { text: `That did not work: ${errorIn(failed.result) ?? 'the tool failed'}` };
  const done = outcomes.find((outcome) => outcome.name === job.tool.name && (act !== 'get' || !isLookup(job, outcome)));
  if (done && (!isLookup(job, done) || outcomes.length > 1))
    return { text: describe(job.request, done, outcomes, turn.context) };
  if (outcomes.length >= MOST_OUTCOMES) return { text: 'I did not get there: the tools kept asking for more.' };
  if (act === 'create' && thing === 'comment') return comment(job, turn, outcomes);
  if (act === 'create' || act === 'draft') return create(job, turn, outcomes);
  if (act === 'update') return change(job, turn, outcomes);
  if (act === 'delete') return remove(job, turn, outcomes);
  if (act === 'get' || thing === 'comment') return read(job, turn, outcomes);
  return call(job, foundIn(job, turn, {}));
}

function create(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request, tool } = job;
  const { thing } = request.command;
  if (thing !== 'email' && request.title === undefined) return { text: `What should the ${thing} be called?` };
  const project = projectOf(job, turn, outcomes);
  if ('calls' in project) return project;
  if (project.id === undefined && insistsOn(tool, 'project_id') && thing === 'checkpoint')
    return { text: whichProject(request, turn) };
  const timed = ['start', 'start_time', 'starts_at', 'date', 'start_at', 'start_date'].find((name) =>
    insistsOn(tool, name),
  );
  if ((thing === 'event' || thing === 'checkpoint') && timed && request.start === undefined)
    return { text: `When is '${request.title ?? thing}'? Tell me again with a date.` };
  return call(job, foundIn(job, turn, project.id === undefined ? {} : { project_id: project.id }));
}

function comment(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  if (job.request.content === undefined) return { text: 'What should the comment say?' };
  const task = resolve({ ...job.request, command: { ...job.request.command, thing: 'task' } }, turn, outcomes);
  return 'item' in task ? call(job, foundIn(job, turn, { task_id: task.item.id })) : task;
}

function change(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request } = job;
  const { thing } = request.command;
  const target = resolve(request, turn, outcomes);
  if (!('item' in target)) return target;
  const project = projectOf(job, turn, outcomes);
  if ('calls' in project) return project;
  const ids = { ...(project.id === undefined ? {} : { project_id: project.id }), [ID_ARGUMENT[thing]]: target.item.id };
  const reader =
    thing === 'note' && request.content !== undefined ? toolFor({ act: 'get', thing }, turn.tools) : undefined;
  const note = outcomes.find((outcome) => outcome.name === reader?.name);
  if (reader && !note) return { calls: [{ name: reader.name, args: { note_id: target.item.id } }] };
  const content = note ? appended(job, note.result) : undefined;
  const step = call(job, { ...foundIn(job, turn, ids), ...(content === undefined ? {} : { content }) });
  const given = 'calls' in step ? Object.values(step.calls[0]?.args ?? {}).filter((value) => value !== -1) : [];
  return given.length > 1 ? step : { text: `What should change about '${target.item.name}'?` };
}

function remove(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request } = job;
  const { thing } = request.command;
  if (
    !job.confirmed &&
    /\b(?:all|every|everything|each|alle|alles|tutt[ie]|ogni)\b/i.test(job.text) &&
    !request.target
  ) {
    return { text: 'I delete one thing at a time, to be safe: name the one that should go.' };
  }
  const target = resolve(request, turn, outcomes);
  if (!('item' in target)) return target;
  if (job.confirmed) return call(job, foundIn(job, turn, { [ID_ARGUMENT[thing]]: target.item.id }));
  const says =
    thing === 'comment' && target.item.id !== target.item.name ? `The comment says: "${target.item.name}". ` : '';
  return { text: says + askToDelete(thing, thing === 'comment' ? target.item.id : target.item.name) };
}

function read(job: Job, turn: Turn, outcomes: readonly Outcome[]): Step {
  const { request, tool } = job;
  const { thing } = request.command;
  const needsTask = thing === 'comment' && 'task_id' in tool.properties;
  const id = needsTask ? 'task_id' : ID_ARGUMENT[thing];
  if (!(id in tool.properties)) return call(job, foundIn(job, turn, {}));
  const target = resolve(
    needsTask ? { ...request, command: { ...request.command, thing: 'task' } } : request,
    turn,
    outcomes,
  );
  return 'item' in target ? call(job, foundIn(job, turn, { [id]: target.item.id })) : target;
}

/** The project that a clause names, looked up where a tool for that is at hand. */
function projectOf(
  job: Job,
  turn: Turn,
  outcomes: readonly Outcome[],
): { readonly id?: string } | Extract<Step, { calls: unknown }> {
  const { project } = job.request;
  if (!project || !('project_id' in job.tool.properties) || job.request.command.thing === 'project') return {};
  if ('item' in project) return { id: project.item.id };
  const request: Request = { command: { act: 'get', thing: 'project', verbEnd: 0 }, reference: project.name };
  const found = resolve(request, turn, outcomes);
  if ('item' in found) return { id: found.item.id };
  return 'calls' in found ? found : {};
}

function call(job: Job, found: Found): Step {
  return { calls: [{ name: job.tool.name, args: argumentsFor(job.tool, job.request, found) }] };
}

function foundIn(job: Job, turn: Turn, ids: Record<string, string>): Found {
  const { project, client, reference, command } = job.request;
  const places = {
    ...(project && 'item' in project && command.thing !== 'project' ? { project_id: project.item.id } : {}),
    ...(client && 'item' in client ? { client_id: client.item.id } : {}),
  };
  const search = command.act === 'get' ? reference : job.request.search;
  return { ids: onlyIn(job.tool, { ...places, ...ids }), me: turn.context.me, ...(search ? { search } : {}) };
}

function onlyIn(tool: OfferedTool, ids: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([name]) => name in tool.properties));
}

/** Whether an outcome only looked for the thing that the job is about. */
function isLookup(job: Job, outcome: Outcome): boolean {
  const { act } = job.request.command;
  return (act === 'update' || act === 'delete' || act === 'create') && outcome.name !== job.tool.name;
}

function appended(job: Job, note: unknown): string {
  const added = job.request.content ?? '';
  if (/^\s*(?:replace|rewrite|change|set|overwrite|ersetze|sostituisci|modifica)\b/i.test(job.text)) return added;
  const [row] = rowsIn(note);
  const old = typeof row?.['content'] === 'string' ? row['content'] : '';
  const bullet = /^\s*[-*] /.exec(old.trimEnd().split('\n').at(-1) ?? '')?.[0] ?? '';
  return old === '' ? added : `${old.trimEnd()}\n${/^\s*[-*] /.test(added) ? '' : bullet}${added}`;
}

function whichProject(request: Request, turn: Turn): string {
  const unknown = request.project && 'name' in request.project ? `I know no project '${request.project.name}'. ` : '';
  const names = turn.context.projects.slice(0, 5).map((project) => `'${project.name}'`);
  return `${unknown}Which project is it for?${names.length > 0 ? ` I know ${names.join(', ')}.` : ''}`;
}

function errorIn(result: unknown): string | undefined {
  const [row] = Array.isArray(result) ? [] : rowsIn(result);
  return typeof row?.['error'] === 'string' ? row['error'].slice(0, 300) : undefined;
}
