import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, type Tx } from '../database/database.service';

export interface DeadJob {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  /** The class of the error; messages are not stored. */
  readonly error: string | null;
  readonly failedAt: Date;
}

export interface JobCounts {
  readonly due: number;
  readonly scheduled: number;
  readonly running: number;
  readonly dead: number;
  readonly oldestSeconds: number | null;
}

export interface JobsOverview extends JobCounts {
  readonly deadJobs: readonly DeadJob[];
}

const ID = /^[0-9]{1,19}$/;
const MAX_DEAD = 100;
const DEAD = 'attempts >= max_attempts AND locked_at IS NULL';
const COUNTS = `SELECT count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL AND run_at <= now())::int AS due,
    count(*) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL AND run_at > now())::int AS scheduled,
    count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running, count(*) FILTER (WHERE ${DEAD})::int AS dead,
    floor(extract(epoch FROM now() - min(run_at) FILTER (WHERE attempts < max_attempts AND locked_at IS NULL AND run_at <= now())))::int AS "oldestSeconds"
  FROM graphile_worker.jobs`;
const DEAD_JOBS = `SELECT id::text, task_identifier AS name, attempts, last_error AS error, updated_at AS "failedAt"
  FROM graphile_worker.jobs WHERE ${DEAD} ORDER BY updated_at DESC LIMIT ${MAX_DEAD}`;

/** The queue as administrators see it. */
@Injectable()
export class JobAdministration {
  constructor(private readonly database: Database) {}

  async overview(): Promise<JobsOverview> {
    return { ...(await this.counts()), deadJobs: await this.database.query<DeadJob>(DEAD_JOBS) };
  }

  async counts(): Promise<JobCounts> {
    const [counts] = await this.database.query<JobCounts>(COUNTS);
    return { due: 0, scheduled: 0, running: 0, dead: 0, oldestSeconds: null, ...counts };
  }

  /** Starts a dead job again, with all its attempts; returns its name. @throws `not_found` */
  async retry(tx: Tx, id: string): Promise<string> {
    const name = await this.nameOf(tx, id);
    await tx.query('SELECT 1 FROM graphile_worker.reschedule_jobs(ARRAY[$1::bigint], run_at := now(), attempts := 0)', [
      id,
    ]);
    return name;
  }

  /** Deletes a dead job, whose work is not done then; returns its name. @throws `not_found` */
  async delete(tx: Tx, id: string): Promise<string> {
    const name = await this.nameOf(tx, id);
    await tx.query('SELECT 1 FROM graphile_worker.complete_jobs(ARRAY[$1::bigint])', [id]);
    return name;
  }

  private async nameOf(tx: Tx, id: string): Promise<string> {
    const [job] = ID.test(id)
      ? await tx.query<{ name: string }[]>(
          `SELECT task_identifier AS name FROM graphile_worker.jobs WHERE id = $1::numeric AND ${DEAD}`,
          [id],
        )
      : [];
    if (!job) throw new Problem('not_found', { detail: 'There is no dead job with this id' });
    return job.name;
  }
}
