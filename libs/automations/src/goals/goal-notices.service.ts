import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Notices, type Notice } from '@adiuva/notifications';
import { Database } from '@adiuva/platform';
import { Runs, type Run } from '@adiuva/runs';
import { openContent } from './goal-encryption';
import type { GoalRow } from './goal.entity';

/** What the database enqueues when a run of a goal with `notify` ends, fails or waits. */
export interface GoalNotice {
  readonly userId: string;
  readonly goalId: string;
  readonly runId: string;
  readonly status: 'completed' | 'failed' | 'waiting';
  /** The number of the event in its run. */
  readonly event: number;
}

/** Notifies the owner of a goal about its runs. */
@Injectable()
export class GoalNotices {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly runs: Runs,
    private readonly notices: Notices,
  ) {}

  /** Nothing where the run has another status by now, or is deleted. */
  async send({ userId, goalId, runId, status, event }: GoalNotice): Promise<void> {
    const run = await this.runs.find(userId, runId);
    const [row] = await this.database.query<GoalRow>('SELECT * FROM goals WHERE id = $1 AND user_id = $2', [
      goalId,
      userId,
    ]);
    const notice = run?.status === status ? noticeOf(run) : undefined;
    if (!row?.notify || !notice) return;
    const subject = await this.titleOf(userId, row);
    // A run may wait for its device many times, and is mentioned once.
    const dedupeKey = status === 'waiting' ? `run:${runId}:${notice}` : `run:${runId}:${event}`;
    await this.notices.send(userId, { notice, source: 'run', subject, dedupeKey });
  }

  /** Undefined for one that only devices can read, and for an account that is erased. */
  private async titleOf(userId: string, row: GoalRow): Promise<string | undefined> {
    try {
      const { title } = openContent(await this.encryption.open(userId), row);
      return typeof title === 'string' ? title : undefined;
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

function noticeOf({ status, waitingFor }: Run): Notice | undefined {
  if (status === 'completed') return 'goal_completed';
  if (status === 'failed') return 'goal_failed';
  if (waitingFor === 'device') return 'goal_waits_for_device';
  return waitingFor === 'approval' ? 'goal_waits_for_answer' : undefined;
}
