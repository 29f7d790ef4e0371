import { Injectable } from '@nestjs/common';
import { AutomationsConfig } from '../automations.config';
import { ScheduleError } from './schedule-error';
import { checkRule, slotsAfter, type ScheduleRule } from './schedule-rule';

/** Shows when a schedule would run, before it is stored. */
@Injectable()
export class SchedulePreview {
  constructor(private readonly config: AutomationsConfig) {}

  /** Throws `invalid_schedule`. */
  next(rule: Omit<ScheduleRule, 'startsAt'> & { readonly startsAt: Date | null }, count: number): Date[] {
    const now = new Date();
    const full = { ...rule, startsAt: rule.startsAt ?? now };
    try {
      checkRule(full, now, this.config.SCHEDULE_MIN_INTERVAL_S * 1000);
      return slotsAfter(full, now, count);
    } catch (error) {
      throw error instanceof ScheduleError ? error.toProblem() : error;
    }
  }
}
