import type { AssistantContext } from '../entities/assistant-context';
import type { HistoryMessage } from '../entities/coreference';
import { ENTITY_DEFINITIONS } from '../entities/entity-definitions';
import { splitClauses } from '../intents/clause-splitter';
import { confirmedIn } from './delete-confirmation';

const FALLBACK = ENTITY_DEFINITIONS.task.agent;

/**
 * The agents whose areas a message touches, in its order, each once, of those offered. What fits no agent is the task
 * agent's.
 */
export function agentsFor(
  message: string,
  history: readonly HistoryMessage[],
  offered: readonly string[],
  context: AssistantContext,
): string[] {
  const confirmed = confirmedIn(message, history);
  const wanted = confirmed
    ? [ENTITY_DEFINITIONS[confirmed.type].agent]
    : splitClauses(message, context, history).flatMap(({ command }) =>
        command ? [ENTITY_DEFINITIONS[command.type].agent] : [],
      );
  const fitting = [...new Set(wanted)].filter((agent) => offered.includes(agent));
  if (fitting.length > 0) return fitting;
  return offered.includes(FALLBACK) ? [FALLBACK] : offered.slice(0, 1);
}
