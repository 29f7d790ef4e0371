import type { NewStep } from '@adiuva/runs';
import { COACH_AGENTS, TASKS_STEP, type CoachAgentName } from './coach';

/** Where each agent is in the graph. */
export const POSITIONS: Readonly<Record<CoachAgentName, number>> = {
  goal_planner: 0,
  classifier: 1,
  scheduler: 2,
  pattern_observer: 3,
};

/** The built-in graph: the plan, then three agents in parallel, of which each may fail, then the tasks. */
export function coachSteps(): NewStep[] {
  const agents = COACH_AGENTS.map((name): NewStep => ({
    key: name,
    name,
    kind: 'agent',
    dependsOn: name === 'goal_planner' ? [] : [POSITIONS.goal_planner],
    continues: name !== 'goal_planner',
    body: { coach: name },
  }));
  const dependsOn = Object.values(POSITIONS);
  return [...agents, { key: TASKS_STEP, name: TASKS_STEP, kind: 'tool', dependsOn, body: { coach: TASKS_STEP } }];
}
