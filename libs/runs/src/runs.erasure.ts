import { Injectable } from '@nestjs/common';
import { PubSub, type Tx } from '@adiuva/platform';
import { RUN_CANCELLED } from './engine/active-steps.service';
import { RunsConfig } from './runs.config';

/** Deletes runs, whatever their state, and aborts what is executed of them. */
@Injectable()
export class RunsErasure {
  constructor(
    private readonly pubSub: PubSub,
    private readonly config: RunsConfig,
  ) {}

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.delete(tx, 'user_id = $1', [userId]);
  }

  async eraseGoal(tx: Tx, userId: string, goalId: string): Promise<void> {
    await this.delete(tx, 'user_id = $1 AND goal_id = $2', [userId, goalId]);
    await this.admit(tx, userId);
  }

  async eraseRuns(tx: Tx, userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.delete(tx, 'user_id = $1 AND id = ANY ($2::uuid[])', [userId, ids]);
    await this.admit(tx, userId);
  }

  /** What has waited for the deleted runs. */
  private async admit(tx: Tx, userId: string): Promise<void> {
    const { RUNS_PER_USER: runs, RUN_STEPS_PER_USER: steps } = this.config;
    await tx.query('SELECT runs_admit($1, $2), runs_release($1, $3)', [userId, runs, steps]);
  }

  /** The run's row first, then its steps and events by its foreign keys: the lock order of all transitions. */
  private async delete(tx: Tx, condition: string, values: readonly unknown[]): Promise<void> {
    const rows = await tx.query<{ id: string }[]>(
      `WITH gone AS (DELETE FROM runs WHERE ${condition} RETURNING id, status), jobs AS (
         SELECT count(graphile_worker.remove_job(s.run_id || ':' || s.node)) FROM run_steps s JOIN gone ON gone.id = s.run_id
       ) SELECT id FROM gone, jobs WHERE status IN ('queued', 'running', 'waiting')`,
      [...values],
    );
    for (const { id } of rows) await this.pubSub.publishInTransaction(tx, RUN_CANCELLED, { run_id: id });
  }
}
