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

const ADD = `
  SELECT graphile_worker.add_job(job.task, payload := job.payload, queue_name := job.queue, run_at := job.run_at,
    max_attempts := job.max_attempts, job_key := job.job_key)
  FROM json_to_record($1) AS job (task text, payload json, queue text, run_at timestamptz, max_attempts integer, job_key text)`;

/** Enqueues work as part of the transaction that causes it: it runs if and only if that commits. */
@Injectable()
export class Jobs {
  async add<P>(
    tx: Tx,
    kind: JobKind<P>,
    payload: P,
    { key, runAt, maxAttempts, queue }: JobOptions = {},
  ): Promise<void> {
    const job = {
      task: kind.name,
      payload: kind.payload.parse(payload),
      queue: queue ?? null,
      run_at: runAt ?? null,
      max_attempts: maxAttempts ?? null,
      job_key: key ?? null,
    };
    await tx.query(ADD, [JSON.stringify(job)]);
  }
}
