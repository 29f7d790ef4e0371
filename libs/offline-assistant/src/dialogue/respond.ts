import { keywords } from '../entities/entity-linking';
import { antecedentIn, listedItem } from '../entities/coreference';
import type { Action } from '../entities/entity-definitions';
import { splitClauses, WINDOW } from '../intents/clause-splitter';
import type { Clause } from '../intents/parsed-clause';
import type { Candidate } from '../intents/command';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import type { Language } from '../lexicon/lexicon';
import type { Request } from '../slots/request';
import { fillSlots } from '../slots/slot-filling';
import { lexiconOf } from '../text/compiled-lexicon';
import { languagesOf } from '../text/language';
import { MaskedText } from '../text/masked-text';
import { shorten } from '../text/title-text';
import { tokenize } from '../text/tokens';
import { confirmedIn, refusedIn } from './delete-confirmation';
import { nextStep, type PendingAction } from './dialogue-policy';
import { abilities, cannot, smallTalk } from './small-talk';
import { toolFor, type OfferedTool } from './tool-mapping';
import type { Call, Outcome, Reply, Turn } from './turn';

const MAX_STEPS = 4;
/** How much may be trimmed from the end of a text that continues behind the window. */
const MAX_TRIMMED = 60;

/** Reads a message as commands for the tools at hand: the next tool calls, or the last words of the turn. Pure. */
export function respond(turn: Turn): Reply {
  const refused = refusedIn(turn.message, turn.history);
  if (refused) {
    const replies = repliesIn(refused.language);
    return {
      text: fill(replies.stays, { the: replies.the[refused.type], one: replies.one[refused.type], name: refused.name }),
    };
  }
  const confirmed = confirmedAction(turn);
  const clauses = confirmed ? [] : splitClauses(turn.message, turn.context, turn.history);
  const pending = confirmed ? [confirmed] : merged(clauses.flatMap((clause) => actionsOf(clause, turn)));
  const others = clauses.flatMap((clause) => forOthers(clause, turn));
  if (pending.length === 0) return { text: plainAnswer(turn, clauses, others) };
  const steps = pending.map((action, index) => nextStep(action, turn, outcomesOf(turn, index)));
  const calls = steps.flatMap((step, index) =>
    'calls' in step ? step.calls.map((call, at) => withId(call, turn, index, at)) : [],
  );
  if (calls.length > 0) return { calls };
  const texts = steps.flatMap((step) => ('text' in step ? [step.text] : []));
  return { text: [...new Set(texts)].join(texts.some((text) => text.includes('\n')) ? '\n\n' : ' ') };
}

/** Two changes of one thing are one change: "give X high priority and set it for Friday". */
function merged(actions: readonly PendingAction[]): PendingAction[] {
  const result: PendingAction[] = [];
  for (const action of actions) {
    const last = result.at(-1);
    const same =
      last?.request.action === 'update' &&
      action.request.action === 'update' &&
      last.request.type === action.request.type &&
      isSame(last, action);
    if (!last || !same) result.push(action);
    else
      result[result.length - 1] = {
        ...last,
        request: { ...given(last.request), ...given(action.request), ...about(last.request) },
      };
  }
  return result;
}

function isSame(one: PendingAction, other: PendingAction): boolean {
  const id = one.request.target?.id;
  if (other.request.target) return id !== undefined && other.request.target.id === id;
  return (
    keywords(other.request.reference ?? '').length === 0 && (id === undefined || other.antecedent?.item?.id === id)
  );
}

function about({ action, type, lexicon, reference, target, twins }: Request): Request {
  return { action, type, lexicon, reference, target, twins };
}

function given(request: Request): Partial<Request> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined && value !== ''));
}

function plainAnswer(turn: Turn, clauses: readonly Clause[], others: readonly string[]): string {
  const language = languageOf(turn);
  if (others.length > 0) return others.join(' ');
  const unknown = clauses.some(({ command }) => command?.statement === true);
  return (
    smallTalk(turn.message, language, turn.tools) ??
    (unknown ? cannot(turn.tools, language) : cannot(turn.tools, language))
  );
}

function languageOf(turn: Turn): Language {
  const [lexicon] = languagesOf(
    tokenize(turn.message.slice(0, 500)),
    turn.context.language,
    turn.history.slice(-2).map(({ text }) => text),
  );
  return lexicon?.data.language ?? turn.context.language;
}

/** What a message asks of an agent whose tools are not here is said rather than silently left out. */
function forOthers({ text, command, lexicon }: Clause, turn: Turn): string[] {
  if (!command || toolFor(command, turn.tools)) return [];
  const { language } = lexicon.data;
  return [
    fill(repliesIn(language).otherAgent, { text: shorten(text, 80), abilities: abilities(turn.tools, language) }),
  ];
}

/** The delete that the user has just said yes to. */
function confirmedAction(turn: Turn): PendingAction | undefined {
  const confirmed = confirmedIn(turn.message, turn.history);
  if (!confirmed) return undefined;
  const { type, name, language } = confirmed;
  const tool = toolFor({ action: 'delete', type }, turn.tools);
  const id = tokenize(name)[0]?.kind === 'id' ? name : undefined;
  const request: Request = {
    action: 'delete',
    type,
    lexicon: lexiconOf(language),
    reference: name,
    ...(id === undefined ? {} : { target: { id, name, folded: name, row: {} } }),
  };
  return tool && { request, tool, confirmed: true, antecedent: undefined };
}

function actionsOf(clause: Clause, turn: Turn): PendingAction[] {
  const { command, lexicon } = clause;
  const tool = command ? (toolForAll(clause, command, turn) ?? toolFor(command, turn.tools)) : undefined;
  if (!command || !tool) return [];
  const masked = new MaskedText(clause.text, clause.tokens, lexicon);
  const own = fillSlots(masked, command, turn.context);
  const request = withOverflow(withShared(own, clause, turn), turn.message);
  if (isForeignStatement(request, clause, turn)) return [];
  const positioned = placed(inList(request, clause, turn), clause, turn);
  return [
    {
      request: positioned,
      tool,
      confirmed: false,
      antecedent: clause.antecedent ?? antecedentIn(turn.history, turn.context),
    },
  ];
}

/** What the first line of a list says holds for each item that does not say it itself. */
function withShared(own: Request, { shared }: Clause, turn: Turn): Request {
  if (!shared?.command) return own;
  const masked = new MaskedText(shared.text, shared.tokens, shared.lexicon);
  const { project, people, priority, status, due, start } = fillSlots(masked, shared.command, turn.context);
  return {
    ...own,
    project: own.project ?? project,
    people: own.people ?? people,
    priority: own.priority ?? priority,
    status: own.status ?? (own.action === 'update' ? status : undefined),
    due: own.due ?? due,
    start: own.start ?? start,
  };
}

/** "I finished my sandwich": a statement about nothing that the user has is talk. */
function isForeignStatement(request: Request, { command, antecedent }: Clause, turn: Turn): boolean {
  if (command?.statement !== true || request.target) return false;
  return !turn.context.hasRows && !antecedent && turn.outcomes.length === 0;
}

/** "in it": the project that this message creates, or that it spoke of before. */
function placed(request: Request, { place, antecedent }: Clause, { context }: Turn): Request {
  const spoken = place ?? (antecedent?.type === 'project' ? antecedent.item : undefined);
  const item = request.inSamePlace === true && request.project === undefined ? (context.created ?? spoken) : undefined;
  return item ? { ...request, project: { item } } : request;
}

/** "and the second?" */
function inList(request: Request, clause: Clause, turn: Turn): Request {
  const { antecedent, lexicon } = clause;
  if (!antecedent || antecedent.listed.length < 2 || request.target) return request;
  const second = lexicon.set(lexicon.data.second).all(clause.tokens).length > 0;
  const item = second ? listedItem(antecedent, 1, turn.context) : undefined;
  return item ? { ...request, target: item, reference: item.name } : request;
}

const READS: readonly Action[] = ['list'];

/** "All projects" has a tool of its own. */
function toolForAll(clause: Clause, command: Candidate, turn: Turn): OfferedTool | undefined {
  const { data } = clause.lexicon;
  const says = (phrases: string): boolean => clause.lexicon.set(phrases).all(clause.tokens).length > 0;
  const all = says(data.all) && !says(data.client) && !says(data.archived);
  return all && READS.includes(command.action) && command.type === 'project'
    ? turn.tools.find(({ name }) => name === 'list_all_projects')
    : undefined;
}

/** What lies behind the part that is read as a command is still content. */
function withOverflow(request: Request, message: string): Request {
  if (message.length <= WINDOW) return request;
  const { action, content, type } = request;
  const start = content === undefined || content === '' ? -1 : message.indexOf(content.slice(0, 200));
  if (content !== undefined && start >= 0 && start + content.length >= WINDOW - MAX_TRIMMED)
    return { ...request, content: message.slice(start).replace(/\.$/, '') };
  if (action !== 'create') return request;
  return type === 'note' ? { ...request, content: message } : { ...request, description: message };
}

/** A call's id says which clause it serves, so that the next round can tell results apart without any memory. */
function withId(call: Omit<Call, 'id'>, turn: Turn, clause: number, at: number): Call {
  const step = turn.outcomes.length + at;
  return { ...call, id: `offline_${clause}_${step}_${digest(`${turn.context.now} ${turn.message.slice(0, WINDOW)}`)}` };
}

function outcomesOf(turn: Turn, clause: number): Outcome[] {
  const mine = (outcome: Outcome): boolean => Number(/^offline_(\d+)_/.exec(outcome.callId)?.[1] ?? 0) === clause;
  return turn.outcomes.filter(mine).slice(0, MAX_STEPS + 1);
}

/** FNV-1a, 32 bits: only to keep the ids of different messages apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
