import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { OfflineChatModel } from '@adiuva/offline-assistant';

import { AGENTS, routeTool, toolsOf } from './agent-tools';

const Row = z.record(z.string(), z.unknown());
const Call = z.object({ agent: z.string(), tool: z.unknown().optional(), args: z.record(z.string(), z.unknown()) });
const Sentence = z.object({
  id: z.string(),
  lang: z.string(),
  kind: z.string(),
  message: z.string(),
  locale: z.string().optional(),
  timezone: z.string().default('UTC'),
  now: z.string().default('2026-11-25T10:00:00Z'),
  context: z
    .object({
      tasks: z.array(Row).default([]),
      projects: z.array(Row).default([]),
      notes: z.array(Row).default([]),
      checkpoints: z.array(Row).default([]),
      events: z.array(Row).default([]),
      history: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() })).default([]),
    })
    .partial()
    .default({}),
  expect: z.union([
    z.object({ calls: z.array(Call) }),
    z.object({ asks: z.literal(true), about: z.string().optional() }),
    z.object({ none: z.literal(true) }),
  ]),
});
export type Sentence = z.infer<typeof Sentence>;

interface Made {
  readonly agent: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Verdict {
  readonly sentence: Sentence;
  readonly toolRight: boolean;
  /** Undefined where no call is expected. */
  readonly argsRight: boolean | undefined;
  readonly wronglyDestructive: boolean;
  readonly actedOutOfScope: boolean;
  readonly quoteChanged: boolean;
  readonly seen: string;
}

export function sentencesIn(folder: string): Sentence[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => z.array(Sentence).parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/** A message that no tool fits, where nothing is known yet. */
export function sentenceOf(lang: string, message: string): Sentence {
  return Sentence.parse({ id: message, lang, kind: 'out_of_scope', message, expect: { none: true } });
}

const model = new OfflineChatModel();
const MAX_ROUNDS = 5;

/** One sentence as the server runs it: the router, then each agent's loop, with the actions of the earlier agents. */
export async function judge(sentence: Sentence): Promise<Verdict> {
  const chosen = await model.bindTools([routeTool()]).invoke(opening(sentence, []));
  const routed: unknown = chosen.tool_calls?.[0]?.args['agents'];
  const agents = Array.isArray(routed) ? routed.map(String) : [];
  const previous: unknown[] = [];
  const made: Made[] = [];
  const texts: string[] = [];
  for (const agent of agents) {
    const { calls, text } = await converse(sentence, agent, previous);
    made.push(...calls);
    texts.push(text);
    previous.push({ agent, response: text, actions: calls.flatMap(actionOf) });
  }
  return verdictOf(sentence, made, texts.join(' '));
}

async function converse(
  sentence: Sentence,
  agent: string,
  previous: readonly unknown[],
): Promise<{ calls: Made[]; text: string }> {
  const bound = model.bindTools(AGENTS.includes(agent) ? toolsOf(agent) : []);
  const messages = opening(sentence, previous);
  const calls: Made[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const answer = await bound.invoke(messages);
    const asked = answer.tool_calls ?? [];
    if (asked.length === 0) return { calls, text: answer.text };
    messages.push(new AIMessage({ content: '', tool_calls: asked }));
    for (const { id = '', name, args } of asked) {
      calls.push({ agent, tool: name, args });
      messages.push(new ToolMessage({ tool_call_id: id, content: JSON.stringify(resultOf(sentence, name, args)) }));
    }
  }
  return { calls, text: '' };
}

function opening(sentence: Sentence, previous: readonly unknown[]): BaseMessage[] {
  const { tasks = [], projects = [], notes = [], checkpoints = [], events = [], history = [] } = sentence.context;
  const rows = (list: readonly Record<string, unknown>[]): unknown[] =>
    list.map((row) => withInstants(row, sentence.timezone));
  const facts = {
    now: sentence.now,
    timezone: sentence.timezone,
    user_profile: {
      timezone: sentence.timezone,
      ...(sentence.locale === undefined ? {} : { locale: sentence.locale }),
      projects: rows(projects),
      notes: rows(notes),
      checkpoints: rows(checkpoints),
      events: rows(events),
    },
    recent_tasks: rows(tasks),
    ...(previous.length > 0 ? { previous_results: previous } : {}),
  };
  return [
    new SystemMessage(`You help.\n<context>\n${JSON.stringify(facts).replaceAll('<', '\\u003c')}\n</context>`),
    ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
    new HumanMessage(sentence.message),
  ];
}

function withInstants(row: Readonly<Record<string, unknown>>, zone: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? instantOf(value, zone) : value,
    ]),
  );
}

function instantOf(text: string, zone: string): number {
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(text) && text.length > 10) return Date.parse(text);
  const utc = Date.parse(text.length === 10 ? `${text}T12:00Z` : `${text}Z`);
  return utc - (Date.parse(`${localOf(utc, zone)}Z`) - utc);
}

/** "2026-11-26T17:00" on the clocks of a zone. */
function localOf(instant: number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(instant).replace(' ', 'T');
}

function resultOf(sentence: Sentence, tool: string, args: Readonly<Record<string, unknown>>): unknown {
  if (isWrite(tool)) return { ok: true, action: { type: 'write', table: 'any', data: args } };
  const { tasks = [], projects = [], notes = [], checkpoints = [], events = [] } = sentence.context;
  const all = [...tasks, ...projects, ...notes, ...checkpoints, ...events];
  if (tool === 'list_task_comments') return tasks.find((task) => task['id'] === args['task_id'])?.['comments'] ?? [];
  if (tool.startsWith('get_')) return all.find((row) => Object.values(args).includes(row['id'])) ?? {};
  if (tool.includes('task')) return tasks;
  if (tool.includes('project')) return projects;
  if (tool.includes('note')) return notes;
  return tool.includes('checkpoint') ? checkpoints : tool.includes('event') ? events : [];
}

function actionOf({ tool, args }: Made): unknown[] {
  const table = /^create_(\w+)$/.exec(tool)?.[1];
  return table === undefined
    ? []
    : [{ type: 'create_record', table: `${table}s`, data: { id: `new-${table}`, ...args } }];
}

function isWrite(tool: string): boolean {
  return /^(?:create|update|delete|add|draft)/.test(tool);
}

function verdictOf(sentence: Sentence, made: readonly Made[], text: string): Verdict {
  const { expect: wanted } = sentence;
  const writes = made.filter(({ tool }) => isWrite(tool));
  const seen = `${made.map(({ tool, args }) => `${tool}(${JSON.stringify(readable(args, sentence.timezone))})`).join(' ')} "${text.slice(0, 110)}"`;
  const wronglyDestructive = writes.some(({ tool }) => tool.startsWith('delete'));
  const base = { sentence, wronglyDestructive, actedOutOfScope: false, quoteChanged: false, seen };
  if ('none' in wanted)
    return { ...base, toolRight: made.length === 0, argsRight: undefined, actedOutOfScope: made.length > 0 };
  if ('asks' in wanted) return { ...base, toolRight: writes.length === 0 && text.includes('?'), argsRight: undefined };
  const reads = wanted.calls.some(({ tool }) => tool === undefined || !isWrite(String(tool)));
  const effective = writes.length > 0 && !reads ? writes : made.filter((call) => reads || isWrite(call.tool));
  const relevant = reads ? withoutLookups(effective, wanted.calls.length) : effective;
  const pairs = wanted.calls.map((call, index) => [call, relevant[index]] as const);
  const toolRight =
    relevant.length === wanted.calls.length &&
    pairs.every(([call, given]) => given !== undefined && toolFits(call, given));
  const argsRight =
    toolRight && pairs.every(([call, given]) => given !== undefined && argsFit(call.args, given, sentence.timezone));
  return { ...base, toolRight, argsRight, quoteChanged: toolRight && quoteLost(sentence, relevant) };
}

/** A look-up comes before what it is for. */
function withoutLookups(calls: readonly Made[], wanted: number): readonly Made[] {
  return calls.length > wanted ? calls.slice(calls.length - wanted) : calls;
}

function toolFits(wanted: z.infer<typeof Call>, given: Made): boolean {
  if (wanted.agent !== given.agent) return false;
  if (wanted.tool === undefined) return true;
  return anyOf(wanted.tool).includes(given.tool);
}

function anyOf(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null && 'any' in value && Array.isArray(value.any)) return value.any;
  return [value];
}

const HARMLESS = new Set([
  'author',
  'from',
  'to',
  'include_archived',
  'end',
  'end_time',
  'ends_at',
  'attendees',
  'table',
  'weeks',
  'group_by',
  'order_by',
]);
/** What a tool insists on, or an earlier step of the message made up, although no author can expect it. */
const FREE: Readonly<Record<string, readonly string[]>> = {
  create_note: ['title', 'content'],
  draft_email: ['subject', 'body'],
  create_task: ['title'],
  create_event: ['title'],
};
const SAME_NAMES: Readonly<Record<string, readonly string[]>> = {
  starts_at: ['start_time', 'start'],
  ends_at: ['end_time', 'end'],
};

function argsFit(wanted: Readonly<Record<string, unknown>>, given: Made, zone: string): boolean {
  const names = new Set(Object.keys(wanted).flatMap((name) => SAME_NAMES[name] ?? [name]));
  const extra = Object.entries(given.args).filter(
    ([name, value]) =>
      !names.has(name) &&
      !HARMLESS.has(name) &&
      value !== -1 &&
      !(name === 'status' && value === 'todo') &&
      !FREE[given.tool]?.includes(name) &&
      !String(value).startsWith('new-'),
  );
  if (extra.length > 0 && given.agent !== 'analytics_agent') return false;
  return Object.entries(wanted).every(([name, value]) =>
    anyOf(value).some((one) => (SAME_NAMES[name] ?? [name]).some((own) => same(one, given.args[own], zone))),
  );
}

function same(wanted: unknown, given: unknown, zone: string): boolean {
  if (Array.isArray(wanted))
    return JSON.stringify(wanted).toLowerCase() === JSON.stringify(listOf(given) ?? null).toLowerCase();
  if (typeof wanted === 'string' && typeof given === 'number') {
    const local = localOf(given, zone);
    return wanted.length === 10 ? local.startsWith(wanted) : local === wanted.slice(0, 16);
  }
  if (typeof wanted === 'string' && typeof given === 'string') return plain(wanted) === plain(given);
  // Ids are texts on the wire, whatever an author writes.
  return wanted === given || (typeof wanted === 'number' && String(wanted) === given);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll('’', "'")
    .replace(/[\s.]+$/, '');
}

function listOf(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value;
}

/** What is quoted in the message and wanted as a value must arrive letter by letter. */
function quoteLost({ message, expect: wanted }: Sentence, given: readonly Made[]): boolean {
  if (!('calls' in wanted)) return false;
  return wanted.calls.some((call, index) =>
    Object.entries(call.args).some(([name, value]) => {
      if (typeof value !== 'string' || !/title|name|content|description/.test(name)) return false;
      const quoted = new RegExp(`["“„«‘']\\s?${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s?["”“»’']`).test(
        message,
      );
      return quoted && given[index]?.args[name] !== value;
    }),
  );
}

function readable(args: Readonly<Record<string, unknown>>, zone: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'number' && value > 1e12 ? localOf(value, zone) : value,
    ]),
  );
}

export function share(verdicts: readonly Verdict[], right: (verdict: Verdict) => boolean): number {
  return verdicts.length === 0 ? 1 : verdicts.filter(right).length / verdicts.length;
}
