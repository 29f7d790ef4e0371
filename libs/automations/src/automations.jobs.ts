import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { GoalNotices } from './goals/goal-notices.service';

/** Enqueued by the database's function runs_event. */
const NOTIFY_GOAL = jobKind(
  'notify_goal',
  z.object({
    userId: z.uuid(),
    goalId: z.uuid(),
    runId: z.uuid(),
    status: z.enum(['completed', 'failed', 'waiting']),
    event: z.number().int(),
  }),
);

@Injectable()
export class AutomationsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(notices: GoalNotices) {
    this.handlers = [jobHandler(NOTIFY_GOAL, (notice) => notices.send(notice))];
  }
}
