import type { Custody } from '@adiuva/runs';
import type { ScheduleKind, ScheduleRule } from '../schedules/schedule-rule';

export const GOAL_STATUSES = ['active', 'paused', 'completed', 'archived'] as const;
export type GoalStatus = (typeof GOAL_STATUSES)[number];
/** What happens to slots that no process was there for: one run for all of them, or none. */
export const MISSED_POLICIES = ['run_once', 'skip'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

export interface NewSchedule extends Omit<ScheduleRule, 'startsAt'> {
  readonly startsAt: Date | null;
  readonly enabled: boolean;
}

/** Who can read the content: the server, or only devices, which lend a key for each run. */
export const CUSTODIES = ['server', 'device'] as const satisfies readonly Custody[];

/** Encrypted by a device: base64 of 0x01, a 12-byte IV, AES-256-GCM ciphertext and tag; associated data `adiuva/goal/1|user_id|member`. */
export interface Ciphertext {
  readonly ciphertext: string;
}

export interface NewGoal {
  readonly title: string | Ciphertext;
  readonly instructions: string | Ciphertext;
  readonly custody: Custody;
  readonly agent: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly missed: MissedPolicy;
  readonly notify: boolean;
  readonly schedules: readonly NewSchedule[];
}

export interface GoalChange extends Partial<NewGoal> {
  readonly status?: GoalStatus;
}

export interface Schedule {
  readonly id: string;
  readonly kind: ScheduleKind;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly nextRunAt: Date | null;
}

export interface Goal extends Omit<NewGoal, 'schedules'> {
  readonly id: string;
  readonly status: GoalStatus;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly schedules: readonly Schedule[];
  readonly nextRunAt: Date | null;
  readonly lastRun: { readonly id: string; readonly status: string; readonly createdAt: Date } | null;
}
