import { z } from 'zod';
import type { UserCipher } from '@adiuva/auth';
import type { ScheduleRow } from './schedule.entity';
import type { Goal, Schedule } from './goal';
import type { GoalRow } from './goal.entity';

const InputShape = z.record(z.string(), z.unknown());
type Content = Pick<Goal, 'title' | 'instructions' | 'input'>;

export function sealContent(cipher: UserCipher, id: string, content: Content): readonly [Buffer, Buffer, Buffer] {
  return [
    cipher.seal(`goals.title|${id}`, content.title),
    cipher.seal(`goals.instructions|${id}`, content.instructions),
    cipher.seal(`goals.input|${id}`, JSON.stringify(content.input)),
  ];
}

export function openContent(
  cipher: UserCipher,
  row: Pick<GoalRow, 'id' | 'title' | 'instructions' | 'input'>,
): Content {
  return {
    title: cipher.open(`goals.title|${row.id}`, row.title),
    instructions: cipher.open(`goals.instructions|${row.id}`, row.instructions),
    input: InputShape.parse(JSON.parse(cipher.open(`goals.input|${row.id}`, row.input))),
  };
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
