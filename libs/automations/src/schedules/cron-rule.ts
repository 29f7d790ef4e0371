import { Cron } from 'croner';
import { ScheduleError } from './schedule-error';
import { byElapsedTime, byWallClock, type InstantRule } from './wall-clock';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 7, words: DAYS },
];
const HOUR = 1;
const ITEM = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,2}))?$/i;

/** Five fields: minute, hour, day of month, month, day of week. */
export function cronRule(expression: string, timezone: string): InstantRule {
  const fields = [...expression.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index + 1 }));
  if (fields.length !== FIELDS.length) {
    const position = fields[FIELDS.length]?.at ?? expression.length + 1;
    throw new ScheduleError('expression', `cron has five fields, not ${fields.length},`, position);
  }
  fields.forEach(({ text, at }, index) => checkField(text, at, FIELDS[index]));
  const cron = parsed(fields.map(({ text }) => text).join(' '));
  const rule = (after: Date): Date | undefined => cron.nextRun(after) ?? undefined;
  return fields[HOUR]?.text.startsWith('*') === true
    ? byElapsedTime(() => rule, timezone)
    : byWallClock(rule, timezone);
}

function parsed(expression: string): Cron {
  try {
    return new Cron(expression, { timezone: 'UTC', paused: true, mode: '5-part' });
  } catch {
    throw new ScheduleError('expression', 'this is no cron expression', 1);
  }
}

function checkField(text: string, at: number, field: Field | undefined): void {
  if (!field) return;
  let position = at;
  for (const item of text.split(',')) {
    const match = ITEM.exec(item);
    if (!match)
      throw new ScheduleError('expression', `${field.name}: ${JSON.stringify(item)} is no value or range`, position);
    const [, , first, last, step] = match;
    const from = first === undefined ? field.min : valueOf(first, field, position);
    const to = last === undefined ? undefined : valueOf(last, field, position);
    if (to !== undefined && to < from)
      throw new ScheduleError('expression', `${field.name}: the range runs backwards`, position);
    if (step !== undefined && (Number(step) < 1 || Number(step) > field.max)) {
      throw new ScheduleError('expression', `${field.name}: the step must be 1 to ${field.max}`, position);
    }
    position += item.length + 1;
  }
}

function valueOf(text: string, field: Field, position: number): number {
  const word = field.words.indexOf(text.toLowerCase());
  const value = word >= 0 ? word + field.min : Number(text);
  if (Number.isInteger(value) && value >= field.min && value <= field.max) return value;
  throw new ScheduleError('expression', `${field.name}: ${text} is not ${field.min} to ${field.max}`, position);
}
