import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import type { UserCipher } from '@adiuva/auth';
import type { ScheduleRow } from './schedule.entity';
import type { Custody } from '@adiuva/runs';
import type { Ciphertext, Goal, Schedule } from './goal';
import type { GoalRow } from './goal.entity';

const InputShape = z.record(z.string(), z.unknown());
export type GoalContent = Pick<Goal, 'title' | 'instructions' | 'input' | 'custody'>;

export function sealContent(cipher: UserCipher, id: string, content: GoalContent): readonly [Buffer, Buffer, Buffer] {
  return [
    cipher.seal(`goals.title|${id}`, textOf(content.title)),
    cipher.seal(`goals.instructions|${id}`, textOf(content.instructions)),
    cipher.seal(`goals.input|${id}`, JSON.stringify(content.input)),
  ];
}

export function openContent(
  cipher: UserCipher,
  row: Pick<GoalRow, 'id' | 'custody' | 'title' | 'instructions' | 'input'>,
): GoalContent {
  return {
    custody: row.custody,
    title: inCustody(row.custody, cipher.open(`goals.title|${row.id}`, row.title)),
    instructions: inCustody(row.custody, cipher.open(`goals.instructions|${row.id}`, row.instructions)),
    input: InputShape.parse(JSON.parse(cipher.open(`goals.input|${row.id}`, row.input))),
  };
}

/** With custody of a device everything is encrypted by it. @throws `validation_failed`, which names the members */
export function assertCustody({ custody, title, instructions, input }: GoalContent): void {
  const encrypted = custody === 'device';
  const wrong = [
    ...((typeof title === 'string') === encrypted ? ['title'] : []),
    ...((typeof instructions === 'string') === encrypted ? ['instructions'] : []),
    ...(encrypted && !isCiphertext(input) && Object.keys(input).length > 0 ? ['input'] : []),
  ];
  if (wrong.length === 0) return;
  const message = encrypted ? 'must be {ciphertext}' : 'must be a text';
  throw new Problem('validation_failed', { errors: wrong.map((field) => ({ field, message })) });
}

function isCiphertext(input: GoalContent['input']): boolean {
  return Object.keys(input).length === 1 && typeof input['ciphertext'] === 'string';
}

function textOf(text: string | Ciphertext): string {
  return typeof text === 'string' ? text : text.ciphertext;
}

function inCustody(custody: Custody, text: string): string | Ciphertext {
  return custody === 'device' ? { ciphertext: text } : text;
}

export function toSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    kind: row.kind,
    expression: row.expression,
    timezone: row.timezone,
    enabled: row.enabled,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    nextRunAt: row.next_run_at,
  };
}
