import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.service';
import type { JobKind } from './job';

export interface JobOptions {
  /** A job that waits under the same key is replaced instead of doubled. */
  readonly key?: string;
  readonly runAt?: Date;
  /** After so many failures the job stays visible as dead; 25 by default, with exponential back-off between. */
  readonly maxAttempts?: number;
  /** Jobs of one queue run one after the other. */
  readonly queue?: string;
}

/** A job that is ready to be enqueued; made by `Jobs.spec` alone. Its members are the columns that `addsJobs` reads. */
export interface JobSpec {
  readonly task: string;
  readonly payload: unknown;
  readonly queue: string | null;
  readonly run_at: Date | null;
  readonly max_attempts: number | null;
  readonly job_key: string | null;
}

const ADD = `graphile_worker.add_job(job.task, payload := job.payload, queue_name := job.queue, run_at := job.run_at,
  max_attempts := job.max_attempts, job_key := job.job_key)`;
const COLUMNS = 'task text, payload json, queue text, run_at timestamptz, max_attempts integer, job_key text';

/**
 * A subquery for a statement that enqueues what follows from it: `parameter` is a JSON array of `JobSpec`s, each beside `cause`, a number of
 * the caller's own, by which `condition` chooses those that are added. It tells how many they were.
 */
export function enqueueSql(parameter: string, condition: string): string {
  return `(SELECT count(${ADD}) FROM json_to_recordset(${parameter}) AS job (cause integer, ${COLUMNS}) WHERE ${condition})`;
}

const ADD_ONE = `SELECT ${ADD} FROM json_to_record($1) AS job (${COLUMNS})`;

/** Enqueues work as part of the transaction that causes it: it runs if and only if that commits. */
@Injectable()
export class Jobs {
  async add<P>(tx: Tx, kind: JobKind<P>, payload: P, options: JobOptions = {}): Promise<void> {
    await this.enqueue(tx, this.spec(kind, payload, options));
  }

  async enqueue(tx: Tx, spec: JobSpec): Promise<void> {
    await tx.query(ADD_ONE, [JSON.stringify(spec)]);
  }

  /** For who decides on a job in one place and enqueues it in another. */
  spec<P>(kind: JobKind<P>, payload: P, { key, runAt, maxAttempts, queue }: JobOptions = {}): JobSpec {
    return {
      task: kind.name,
      payload: kind.payload.parse(payload),
      queue: queue ?? null,
      run_at: runAt ?? null,
      max_attempts: maxAttempts ?? null,
      job_key: key ?? null,
    };
  }
}
