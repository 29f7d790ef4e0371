import { Temporal } from 'temporal-polyfill';
import type { RunAction, RunSchedule } from '@adiuva/runs';
import { checkRule, nextSlot, slotsAfter } from '../schedules/schedule-rule';
import { ScheduleError } from '../schedules/schedule-error';
import type { Classes, Patterns, Plan, Timetable } from './coach';

/** What the agents of the coach gave; a failed branch gave nothing. */
export interface CoachParts {
  readonly plan: Plan;
  readonly classes: Classes | undefined;
  readonly timetable: Timetable | undefined;
  readonly patterns: Patterns | undefined;
}

export interface CoachClock {
  readonly now: Date;
  readonly timezone: string;
  readonly newId: () => string;
}

/** What recurrence rules are checked against. */
export interface RuleClock extends Pick<CoachClock, 'now' | 'timezone'> {
  readonly minIntervalMs: number;
}

type Slot = Timetable['tasks'][number];

const DEFAULT_REMINDER = '09:00';
const NEVER = new Date(0);
/** UNTIL has four digits for a year, and days around a time must exist too. */
const MAX_DUE = Date.UTC(9999, 0, 1);

/** The actions that create the tasks, and the schedules proposed for their reminders. Pure but for `newId`. */
export function coachTasks(
  { plan, classes, timetable, patterns }: CoachParts,
  { now, timezone, newId }: CoachClock,
): { readonly actions: RunAction[]; readonly schedules: RunSchedule[] } {
  const actions: RunAction[] = [];
  const schedules: RunSchedule[] = [];
  for (const [index, { title, description }] of plan.tasks.entries()) {
    if (patterns?.duplicates.includes(index) === true) continue;
    const { category, priority } = classes?.tasks.find(({ task }) => task === index) ?? {};
    const slot = timetable?.tasks.find(({ task }) => task === index);
    const id = newId();
    const reminder = slot && reminderOf(slot, patterns?.reminder, now, timezone);
    const data = {
      ...{ id, title, description, priority, category },
      due_date:
        slot?.recurrence === undefined ? slot?.due && instantOf(slot.due, timezone)?.getTime() : reminder?.starts_at,
      recurrence: reminder?.kind === 'rrule' ? reminder.expression : undefined,
      is_ai_suggested: true,
      is_approved: false,
    };
    actions.push({ id: newId(), type: 'create_record', table: 'tasks', data: withoutAbsent(data), agent: null });
    if (reminder) schedules.push({ title, task_id: id, timezone, ...reminder });
  }
  return { actions, schedules };
}

/** Why a timetable cannot be kept. */
export function timetableFaults({ tasks }: Timetable, plan: Plan, clock: RuleClock): string[] {
  return tasks.flatMap(({ task, due, recurrence }) => {
    if (task >= plan.tasks.length) return [`There is no task ${task}`];
    const faults: string[] = [];
    if (due !== undefined && !instantOf(due, clock.timezone)) faults.push(`Task ${task}: due is no time of ISO 8601`);
    if (recurrence !== undefined)
      faults.push(...ruleFaults(recurrence, clock).map((fault) => `Task ${task}: ${fault}`));
    return faults;
  });
}

function ruleFaults(expression: string, { now, timezone, minIntervalMs }: RuleClock): string[] {
  try {
    checkRule({ kind: 'rrule', expression, timezone, startsAt: now, endsAt: null }, now, minIntervalMs);
    return [];
  } catch (error) {
    if (error instanceof ScheduleError) return [error.message];
    throw error;
  }
}

type Reminder = Pick<RunSchedule, 'kind' | 'expression' | 'starts_at'>;

/** For what repeats its rule from the first slot on; for a due date the time of the day before it. Undefined where neither lies ahead. */
function reminderOf(slot: Slot, usual: string | undefined, now: Date, timezone: string): Reminder | undefined {
  const time = Temporal.PlainTime.from(slot.reminder ?? usual ?? DEFAULT_REMINDER);
  const due = slot.due === undefined ? undefined : instantOf(slot.due, timezone);
  if (slot.recurrence !== undefined) return recurring(slot.recurrence, due, time, now, timezone);
  if (!due) return undefined;
  const onTheDay = atTime(due, time, timezone);
  const explicit = slot.reminder !== undefined || onTheDay <= due;
  const at = explicit && onTheDay > now && onTheDay <= due ? onTheDay : due;
  if (at <= now) return undefined;
  const expression = local(at, timezone).toPlainDateTime().toString({ smallestUnit: 'minute' });
  return { kind: 'at', expression, starts_at: at.getTime() };
}

function recurring(
  rule: string,
  end: Date | undefined,
  time: Temporal.PlainTime,
  now: Date,
  timezone: string,
): Reminder | undefined {
  const bare = rule.replace(/^RRULE:/i, '').toUpperCase();
  const bounded = end && !/(?:^|;)(?:UNTIL|COUNT)=/.test(bare) ? `${bare};UNTIL=${stamp(end)}` : bare;
  const startsAt = atTime(now, time, timezone);
  const first = nextSlot({ kind: 'rrule', expression: bounded, timezone, startsAt, endsAt: null }, now);
  return first && { kind: 'rrule', expression: bounded, starts_at: first.getTime() };
}

/** The instant of a text of ISO 8601 before the year 9999; without an offset it is on the clock of the user. */
function instantOf(expression: string, timezone: string): Date | undefined {
  try {
    const [at] = slotsAfter({ kind: 'at', expression, timezone, startsAt: NEVER, endsAt: null }, NEVER, 1);
    return at && at.getTime() < MAX_DUE ? at : undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}

function atTime(day: Date, time: Temporal.PlainTime, timezone: string): Date {
  return new Date(local(day, timezone).withPlainTime(time).epochMilliseconds);
}

function local(at: Date, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
}

function stamp(at: Date): string {
  return at.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

function withoutAbsent(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined && value !== ''));
}
