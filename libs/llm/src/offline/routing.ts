import { AGENT_OF } from './capabilities';
import { clausesOf } from './clauses';
import type { Context } from './context';
import { confirmedIn, type Exchange } from './confirmation';

const FALLBACK = 'task_agent';

/**
 * The agents whose areas a message touches, in its order, each once, of those offered. What fits nobody is the
 * task agent's.
 */
export function agentsFor(
  message: string,
  history: readonly Exchange[],
  offered: readonly string[],
  context: Context,
): string[] {
  const confirmed = confirmedIn(message, history);
  const wanted = confirmed
    ? [AGENT_OF[confirmed.thing]]
    : clausesOf(message, context, history).flatMap(({ command }) => (command ? [AGENT_OF[command.thing]] : []));
  const fitting = [...new Set(wanted)].filter((agent) => offered.includes(agent));
  if (fitting.length > 0) return fitting;
  return offered.includes(FALLBACK) ? [FALLBACK] : offered.slice(0, 1);
}
