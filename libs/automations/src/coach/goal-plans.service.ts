import { Injectable } from '@nestjs/common';
import { invalidField, type Principal } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { RunStarter } from '@adiuva/runs';
import { isTimezone } from '../schedules/wall-clock';
import type { CoachInput } from './coach';
import { coachSteps } from './coach-steps';

export interface GoalPlanRequest {
  readonly text: string;
  readonly timezone: string;
  readonly recentTasks: CoachInput['recent_tasks'];
}

/** The coach: plans a goal in words. */
@Injectable()
export class GoalPlans {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly starter: RunStarter,
  ) {}

  /** The id of the run of the built-in graph. Throws `validation_failed` for a zone that does not exist. */
  async start(owner: Principal, { text, timezone, recentTasks }: GoalPlanRequest): Promise<string> {
    if (!isTimezone(timezone)) throw invalidField('timezone', 'must be an IANA name');
    const cipher = await this.encryption.open(owner.userId);
    const input: CoachInput = { text, timezone, recent_tasks: recentTasks };
    return this.database.transaction(async (tx) => {
      const run = { kind: 'dag' as const, trigger: 'manual' as const, input, steps: coachSteps() };
      const started = await this.starter.start(tx, owner, cipher, run);
      if (started === undefined) throw new Error('a run without a slot is always made');
      return started;
    });
  }
}
