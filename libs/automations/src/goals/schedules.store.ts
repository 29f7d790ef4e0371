import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import type { Reader, Tx } from '@adiuva/platform';
import { AutomationsConfig } from '../automations.config';
import type { GoalStatus, NewSchedule, Schedule } from './goal';
import { toSchedule } from './goal-encryption';
import { ScheduleError } from '../schedules/schedule-error';
import type { ScheduleRow } from './schedule.entity';
import { checkRule, nextSlot } from '../schedules/schedule-rule';

const INSERT = `INSERT INTO schedules (id, goal_id, user_id, kind, expression, timezone, enabled, starts_at, ends_at, next_run_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** The schedules of goals. A change is announced to no process: the scheduler reads the earliest slot every second. */
@Injectable()
export class ScheduleStore {
  constructor(private readonly config: AutomationsConfig) {}

  /** Throws `invalid_schedule`, which says what is wrong and where. */
  check(schedules: readonly NewSchedule[], now: Date): void {
    schedules.forEach((schedule, index) => {
      try {
        checkRule({ ...schedule, startsAt: schedule.startsAt ?? now }, now, this.config.SCHEDULE_MIN_INTERVAL_S * 1000);
      } catch (error) {
        throw error instanceof ScheduleError ? error.toProblem(`schedules.${index}.`) : error;
      }
    });
  }

  async replace(
    tx: Tx,
    goal: { readonly id: string; readonly userId: string; readonly status: GoalStatus },
    schedules: readonly NewSchedule[],
    now: Date,
  ): Promise<void> {
    await tx.query('DELETE FROM schedules WHERE goal_id = $1 AND user_id = $2', [goal.id, goal.userId]);
    for (const { kind, expression, timezone, enabled, startsAt, endsAt } of schedules) {
      const rule = { kind, expression, timezone, startsAt: startsAt ?? now, endsAt };
      const next = goal.status === 'active' ? nextSlot(rule, now) : undefined;
      const values = [kind, expression, timezone, enabled, rule.startsAt, endsAt, next ?? null];
      await tx.query(INSERT, [newId(), goal.id, goal.userId, ...values]);
    }
  }

  /** An inactive goal has no next slots; one that becomes active again has those after now. */
  async reschedule(
    tx: Tx,
    goal: { readonly id: string; readonly userId: string; readonly status: GoalStatus },
    now: Date,
  ): Promise<void> {
    for (const schedule of (await this.of(tx, goal.userId, [goal.id])).get(goal.id) ?? []) {
      const next = goal.status === 'active' ? nextSlot(schedule, now) : undefined;
      await tx.query('UPDATE schedules SET next_run_at = $2 WHERE id = $1', [schedule.id, next ?? null]);
    }
  }

  /** By goal. */
  async of(reader: Reader, userId: string, goalIds: readonly string[]): Promise<Map<string, Schedule[]>> {
    const rows = await reader.query<ScheduleRow[]>(
      'SELECT * FROM schedules WHERE user_id = $1 AND goal_id = ANY ($2::uuid[]) ORDER BY id',
      [userId, goalIds],
    );
    const byGoal = new Map<string, Schedule[]>(goalIds.map((id) => [id, []]));
    for (const row of rows) byGoal.get(row.goal_id)?.push(toSchedule(row));
    return byGoal;
  }
}
