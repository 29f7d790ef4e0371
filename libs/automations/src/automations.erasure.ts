import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';
import { RunsErasure } from '@adiuva/runs';

const REMOVE_JOBS = `SELECT count(graphile_worker.remove_job(key)) FROM graphile_worker.jobs WHERE key LIKE $1`;

/** Deletes goals with their schedules, DAGs, custom agents, memories, and all runs. */
@Injectable()
export class AutomationsErasure {
  constructor(private readonly runs: RunsErasure) {}

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM goals WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM dags WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM custom_agents WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM memories WHERE user_id = $1', [userId]);
    await this.runs.erase(tx, userId);
    await tx.query(REMOVE_JOBS, [`notify-goal:${userId}:%`]);
  }
}
