import { z } from 'zod';
import type { NewRun, NewStep } from '@adiuva/runs';

/** What the step of a goal is made of; sealed in the run. */
export const GoalBodyShape = z.object({ title: z.string(), instructions: z.string(), agent: z.string().nullable() });

export interface GoalContent extends z.infer<typeof GoalBodyShape> {
  readonly id: string;
  readonly input: unknown;
}

/** A goal is a run of one step. */
export function goalRun(
  goal: GoalContent,
  cause: Pick<NewRun, 'trigger' | 'slot'>,
  input: unknown = goal.input,
): NewRun {
  const { id, title, instructions, agent } = goal;
  const step: NewStep = { name: title, kind: 'agent', dependsOn: [], body: { title, instructions, agent } };
  return { kind: 'goal', goalId: id, input, steps: [step], ...cause };
}
