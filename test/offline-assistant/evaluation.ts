import { AIMessage, HumanMessage } from '@langchain/core/messages';

import { ANY_AGENT, type Sentence } from './regression-sentences';
import { converse, route, type Conversation, type MadeCall } from './conversation';

export interface Verdict {
  readonly sentence: Sentence;
  readonly agentRight: boolean;
  readonly toolRight: boolean;
  /** Undefined where the sentence expects no arguments. */
  readonly argsRight: boolean | undefined;
  readonly seen: string;
}

/** One sentence through routing and the agent's loop; a delete that asks for confirmation is told yes. */
export async function judge(sentence: Sentence): Promise<Verdict> {
  const situation = { context: sentence.context, now: sentence.now };
  const agents = await route(sentence.say, situation);
  const agent = agents[0] ?? '';
  const agentRight = sentence.agent === ANY_AGENT || (agents.length === 1 && agent === sentence.agent);
  const first = await converse(agent, sentence.say, situation);
  const asked = sentence.destructive === true && first.text.includes('Shall I delete');
  const history = [new HumanMessage(sentence.say), new AIMessage(first.text)];
  const last = asked ? await converse(agent, 'Yes', { ...situation, history }) : first;
  const call = last.calls.at(-1);
  const toolRight = agentRight && (call?.name ?? null) === sentence.tool;
  const argsRight = sentence.args ? toolRight && argsFit(sentence, call) : undefined;
  return { sentence, agentRight, toolRight, argsRight, seen: `${agents.join()} ${show(last)}` };
}

export function share(verdicts: readonly Verdict[], right: (verdict: Verdict) => boolean): number {
  return verdicts.length === 0 ? 1 : verdicts.filter(right).length / verdicts.length;
}

function argsFit(sentence: Sentence, call: MadeCall | undefined): boolean {
  const zone = sentence.context?.user_profile?.['timezone'];
  return Object.entries(sentence.args ?? {}).every(([name, wanted]) => {
    return same(wanted, call?.args[name], typeof zone === 'string' ? zone : 'UTC');
  });
}

function same(wanted: unknown, given: unknown, zone: string): boolean {
  if (typeof wanted === 'number' && typeof given === 'number') {
    if (wanted % 86_400_000 !== 0) return wanted === given;
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(given);
    return day === new Date(wanted).toISOString().slice(0, 10);
  }
  if (typeof wanted === 'string' && typeof given === 'string') return wanted.toLowerCase() === given.toLowerCase();
  return JSON.stringify(wanted) === JSON.stringify(given);
}

function show({ calls, text }: Conversation): string {
  const made = calls.map((call) => `${call.name}(${JSON.stringify(call.args)})`).join(' ');
  return `${made} "${text.slice(0, 90)}"`;
}
