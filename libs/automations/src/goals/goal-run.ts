import { z } from 'zod';
import type { Custody, NewRun, NewStep } from '@adiuva/runs';
import type { Goal } from './goal';

const Text = z.union([z.string(), z.strictObject({ ciphertext: z.string() })]);
/** What the step of a goal is made of; sealed in the run. */
export const GoalBodyShape = z.object({ title: Text, instructions: Text, agent: z.string().nullable() });

export type GoalBody = z.infer<typeof GoalBodyShape>;
export const GoalInputShape = z.record(z.string(), z.unknown()).nullable();

export interface RunnableGoal extends Pick<Goal, 'id' | 'title' | 'instructions' | 'agent'> {
  readonly custody: Custody;
  readonly input: unknown;
}

/** A goal is a run of one step. */
export function goalRun(
  goal: RunnableGoal,
  cause: Pick<NewRun, 'trigger' | 'slot'>,
  input: unknown = goal.input,
): NewRun {
  const { id, title, instructions, agent, custody } = goal;
  const name = typeof title === 'string' ? title : 'goal';
  const step: NewStep = { name, kind: 'agent', dependsOn: [], body: { title, instructions, agent } };
  return { kind: 'goal', goalId: id, custody, input, steps: [step], ...cause };
}
