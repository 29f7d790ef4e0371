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

/** Enqueues work as part of the transaction that causes it: it runs if and only if that commits. */
@Injectable()
export class Jobs {
  async add<P>(tx: Tx, kind: JobKind<P>, payload: P, options: JobOptions = {}): Promise<void> {
    await tx.query(
      `SELECT graphile_worker.add_job($1, payload := $2::json, queue_name := $3, run_at := $4, max_attempts := $5, job_key := $6)`,
      [
        kind.name,
        JSON.stringify(kind.payload.parse(payload)),
        options.queue ?? null,
        options.runAt ?? null,
        options.maxAttempts ?? null,
        options.key ?? null,
      ],
    );
  }
}
