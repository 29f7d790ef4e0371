import { OfflineChatModel } from '@adiuva/offline-assistant';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';

import type { SentenceContext } from './regression-sentences';
import { routeTool, toolsOf } from './agent-tools';

export interface MadeCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

export interface Conversation {
  readonly calls: readonly MadeCall[];
  readonly text: string;
}

export interface Situation {
  readonly context?: SentenceContext | undefined;
  readonly now?: string | undefined;
  readonly history?: readonly BaseMessage[];
}

type Rows = readonly Readonly<Record<string, unknown>>[];

const MAX_ROUNDS = 5;
export const NOW = '2026-03-04T10:00:00Z';
export const model = new OfflineChatModel({ clock: () => Date.parse(NOW) });

/** Routing as the server asks for it: with the history and the context. */
export async function route(say: string, situation: Situation = {}): Promise<string[]> {
  const answer = await model.bindTools([routeTool()]).invoke(opening(say, situation));
  const agents: unknown = answer.tool_calls?.[0]?.args['agents'];
  return Array.isArray(agents) ? agents.map(String) : [];
}

/** The agent's loop as the server runs it: reads look in the context, writes become actions, at most five rounds. */
export async function converse(agent: string, say: string, situation: Situation = {}): Promise<Conversation> {
  const bound = model.bindTools(toolsOf(agent));
  const messages = opening(say, situation);
  const calls: MadeCall[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const answer = await bound.invoke(messages);
    const made = answer.tool_calls ?? [];
    if (made.length === 0) return { calls, text: answer.text };
    messages.push(new AIMessage({ content: '', tool_calls: made }));
    for (const { id = '', name, args } of made) {
      calls.push({ name, args });
      messages.push(new ToolMessage({ tool_call_id: id, content: JSON.stringify(resultOf(name, args, situation)) }));
    }
  }
  return { calls, text: '' };
}

export function opening(say: string, situation: Situation): BaseMessage[] {
  const { conversation_history: told = [], ...known } = situation.context ?? {};
  const timezone = known.user_profile?.['timezone'] ?? 'UTC';
  const facts = JSON.stringify({ now: situation.now ?? NOW, timezone, ...known });
  const before = told.map(({ role, content }) =>
    role === 'user' ? new HumanMessage(content) : new AIMessage(content),
  );
  return [
    new SystemMessage(`You help.\n<context>\n${facts}\n</context>`),
    ...before,
    ...(situation.history ?? []),
    new HumanMessage(say),
  ];
}

function resultOf(name: string, args: Record<string, unknown>, situation: Situation): unknown {
  if (/^(?:create|update|delete|add|draft)/.test(name))
    return { ok: true, action: { type: 'write', table: 'any', data: args } };
  const profile = situation.context?.user_profile ?? {};
  const tasks = situation.context?.recent_tasks ?? [];
  if (name === 'list_task_comments') return rows(tasks.find((task) => task['id'] === args['task_id'])?.['comments']);
  if (name.startsWith('list_tasks')) return tasks.filter((task) => matches(task, args['search']));
  if (name.startsWith('get_'))
    return allRows(profile).find((row) => Object.values(args).includes(row['id'])) ?? { error: 'not found' };
  const table = /^list_(?:all_)?(\w+)$/.exec(name)?.[1] ?? '';
  return rows(profile[table]);
}

function matches(row: Readonly<Record<string, unknown>>, search: unknown): boolean {
  return typeof search !== 'string' || String(row['title']).toLowerCase().includes(search.toLowerCase());
}

function allRows(profile: Readonly<Record<string, unknown>>): Rows {
  return ['projects', 'notes', 'checkpoints', 'events'].flatMap((name) => rows(profile[name]));
}

function rows(value: unknown): Rows {
  return Array.isArray(value) ? value : [];
}
