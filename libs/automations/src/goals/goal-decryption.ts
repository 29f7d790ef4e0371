import { Problem } from '@adiuva/kernel';
import { openWith } from '@adiuva/platform';
import type { StepExecution } from '@adiuva/runs';
import { GoalInputShape, type GoalBody } from './goal-run';

export interface OpenGoal {
  readonly instructions: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The content of a goal in the clear, by the key that a device has lent where the device encrypted it. @throws `unprocessable` for another key */
export function openGoal({ key, userId }: StepExecution, body: GoalBody, given: unknown): OpenGoal {
  const input = GoalInputShape.parse(given) ?? {};
  const { instructions } = body;
  if (typeof instructions === 'string') return { instructions, input };
  const opened = (member: string, ciphertext: string): string => {
    try {
      if (!key) throw new Error('no key was lent');
      return openWith(key, Buffer.from(ciphertext, 'base64'), `adiuva/goal/1|${userId}|${member}`).toString('utf8');
    } catch (cause) {
      throw new Problem('unprocessable', { detail: 'The key does not open this goal', cause });
    }
  };
  const { ciphertext } = input;
  return {
    instructions: opened('instructions', instructions.ciphertext),
    input: typeof ciphertext === 'string' ? jsonIn(opened('input', ciphertext)) : {},
  };
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return GoalInputShape.parse(JSON.parse(text)) ?? {};
  } catch (cause) {
    throw new Problem('unprocessable', { detail: 'The input of this goal is no JSON object', cause });
  }
}
