import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ACCOUNT_DISABLED, ACCOUNT_ENABLED } from '@adiuva/auth';
import { Database, deleteBatches, jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { RunsConfig } from './runs.config';

const OLD = 'ended_at < now() - make_interval(days => $1)';
const DROP_INPUT = `UPDATE runs SET input = NULL WHERE status = 'failed' AND input IS NOT NULL AND ended_at < now() - make_interval(days => $1)`;
const DROP_STEPS = `UPDATE run_steps s SET body = NULL, input = NULL, output = NULL, journal = NULL, question = NULL, answer = NULL
  FROM runs r WHERE r.id = s.run_id AND r.status = 'failed' AND r.input IS NULL AND s.body IS NOT NULL`;

/** Deletes old runs, and what failed runs keep to be resumed; pauses and resumes the runs of an account that was disabled or enabled. */
@Injectable()
export class RunsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    private readonly database: Database,
    private readonly config: RunsConfig,
  ) {
    this.handlers = [
      jobHandler(jobKind('sweep_runs', z.unknown()), (_, signal) => this.sweep(signal), '37 4 * * *'),
      jobHandler(ACCOUNT_DISABLED, ({ userId }) => this.pause(userId)),
      jobHandler(ACCOUNT_ENABLED, ({ userId }) => this.resume(userId)),
    ];
  }

  /** What is executed now; what is queued waits by itself. */
  private async pause(userId: string): Promise<void> {
    await this.database.query('SELECT runs_pause($1)', [userId]);
  }

  /** Queued runs and steps that waited while the account was disabled. */
  private async resume(userId: string): Promise<void> {
    const { RUNS_PER_USER: runs, RUN_STEPS_PER_USER: steps } = this.config;
    await this.database.query('SELECT runs_admit($1, $2), runs_release($1, $3)', [userId, runs, steps]);
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    const { RUNS_KEPT_DAYS: days } = this.config;
    await deleteBatches(this.database, { table: 'runs', condition: OLD, parameters: [days] }, signal);
    await this.database.query(DROP_INPUT, [this.config.RUN_RESUME_DAYS]);
    await this.database.query(DROP_STEPS);
  }
}
