import { AGENT_OF, toolFor, type OfferedTool } from './capabilities';
import { clausesOf, draftOf, type Clause } from './clauses';
import type { Command } from './command';
import { confirmedIn, refusedIn } from './confirmation';
import { WINDOW, type Draft } from './draft';
import { abilities, cannot, greeting } from './manners';
import { nextStep, type Job } from './plan';
import { readRequest } from './reading';
import type { Request } from './request';
import { shorten, titleFrom } from './wording';
import type { Call, Outcome, Reply, Turn } from './turn';
import { pattern } from './pattern';

const MOST_STEPS = 4;

/** Reads a message as commands for the tools at hand: the next tool calls, or the last words of the turn. Pure. */
export function answer(turn: Turn): Reply {
  const refused = refusedIn(turn.message, turn.history);
  if (refused) return { text: `All right, the ${refused.thing} '${refused.name}' stays.` };
  const confirmed = confirmedJob(turn);
  const clauses = confirmed ? [] : clausesOf(turn.message, turn.context, turn.history);
  const jobs = confirmed ? [confirmed] : clauses.flatMap((clause) => jobsOfClause(clause, turn));
  const others = clauses.flatMap((clause) => forOthers(clause, turn));
  if (jobs.length === 0) {
    const plain = others.length > 0 ? [...others, abilities(turn.tools)].join(' ') : undefined;
    return { text: plain ?? greeting(turn.message, turn.tools) ?? cannot(turn.tools) };
  }
  const steps = jobs.map((job, index) => nextStep(job, turn, outcomesOf(turn, index)));
  const calls = steps.flatMap((step, index) =>
    'calls' in step ? step.calls.map((call, at) => withId(call, turn, index, at)) : [],
  );
  if (calls.length > 0) return { calls };
  const texts = [...steps.flatMap((step) => ('text' in step ? [step.text] : [])), ...others];
  return { text: [...new Set(texts)].join(texts.some((text) => text.includes('\n')) ? '\n\n' : ' ') };
}

/** What a message asks of another agent is said rather than silently left out. */
function forOthers({ text, command }: Clause, turn: Turn): string[] {
  if (!command || toolFor(command, turn.tools)) return [];
  return [`"${shorten(text, 80)}" is for the ${AGENT_OF[command.thing].replace('_', ' ')}.`];
}

/** The delete that the user has just said yes to. */
function confirmedJob(turn: Turn): Job | undefined {
  const confirmed = confirmedIn(turn.message, turn.history);
  if (!confirmed) return undefined;
  const command: Command = { act: 'delete', thing: confirmed.thing, verbEnd: 0 };
  const tool = toolFor(command, turn.tools);
  return tool && { request: { command, reference: confirmed.name }, tool, confirmed: true, text: '' };
}

function jobsOfClause(clause: Clause, turn: Turn): Job[] {
  const { command } = clause;
  const tool = command ? (toolForAll(clause, command, turn) ?? toolFor(command, turn.tools)) : undefined;
  if (!command || !tool) return [];
  const draft = draftOf(clause);
  const several = command.act === 'create' && command.thing === 'task' ? severalOf(clause, command) : undefined;
  const whole = readRequest(draft, command, turn.context);
  const request = withOverflow(whole, draft, clause.text);
  const named = several?.map((title): Request => ({ ...request, title })) ?? [request];
  return named.map((one) => ({ request: one, tool, confirmed: false, text: clause.text }));
}

/** "All projects" has a tool of its own. */
function toolForAll(clause: Clause, command: Command, turn: Turn): OfferedTool | undefined {
  const all =
    /\b(?:all|every|each|entire|alle|tutti)\b/i.test(clause.text) &&
    !/\b(?:for|of|from) (?:the )?(?:client|customer)\b|archiv/i.test(clause.text);
  return all && command.act === 'list' && command.thing === 'project'
    ? turn.tools.find(({ name }) => name === 'list_all_projects')
    : undefined;
}

/** What lies behind the part that is read as a command is still content. */
function withOverflow(request: Request, draft: Draft, text: string): Request {
  if (text.length <= WINDOW) return request;
  const { command, content } = request;
  if (content !== undefined && draft.text.endsWith(content)) {
    const whole = content + text.slice(WINDOW);
    return { ...request, content: whole, ...(request.description === undefined ? {} : { description: whole }) };
  }
  if (command.act !== 'create') return request;
  return command.thing === 'note' ? { ...request, content: text } : { ...request, description: text };
}

const SEVERAL = pattern(
  'is',
  String.raw`^(?:\S+\s+)(?:(?:the|these|following|new|some|two|three|four|five|\d)\s+){0,3}(?:tasks|to-?dos`,
  String.raw`|reminders|aufgaben|attivit[aà]|compiti)\s*:\s*(.+)$`,
);

/** "Add tasks: buy milk, call Anna and pay rent" names three. */
function severalOf(clause: Clause, command: Command): string[] | undefined {
  const list = command.guessed ? undefined : SEVERAL.exec(clause.text.slice(0, WINDOW))?.[1];
  const titles = (list ?? '')
    .split(/\s*[,;\n]\s*(?:and\s+|und\s+|e\s+)?|\s+(?:and|und|e)\s+/i)
    .map(titleFrom)
    .filter((title) => title !== '');
  return titles.length > 1 ? titles.slice(0, 10) : undefined;
}

/** A call's id says which clause it serves, so that the next round can tell results apart without any memory. */
function withId(call: Omit<Call, 'id'>, turn: Turn, clause: number, at: number): Call {
  const step = turn.outcomes.length + at;
  return { ...call, id: `offline_${clause}_${step}_${digest(`${turn.context.now} ${turn.message.slice(0, WINDOW)}`)}` };
}

function outcomesOf(turn: Turn, clause: number): Outcome[] {
  const mine = (outcome: Outcome): boolean => Number(/^offline_(\d+)_/.exec(outcome.callId)?.[1] ?? 0) === clause;
  return turn.outcomes.filter(mine).slice(0, MOST_STEPS + 1);
}

/** FNV-1a, 32 bits: only to keep the ids of different messages apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
