import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { RunsConfig } from '../runs.config';
import { wrapForWorker } from './worker-key-pair.service';

/** A worker that lives (it holds its advisory lock), and of those the one with the fewest keys. */
const WORKER = `SELECT w.id, w.public_key AS "publicKey" FROM run_workers w
  JOIN pg_locks l ON l.locktype = 'advisory' AND l.classid = 7711 AND l.objid = w.id AND l.objsubid = 2 AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  WHERE w.public_key IS NOT NULL ORDER BY (SELECT count(*) FROM runs WHERE key_worker = w.id), random() LIMIT 1`;
const RETRY_S = 5;

/** Gives the keys of runs with custody of a device to workers. */
@Injectable()
export class RunKeys {
  constructor(
    private readonly database: Database,
    private readonly config: RunsConfig,
  ) {}

  /** Throws `not_found`, `conflict` for a run that does not wait for a key, `unavailable` where no worker lives. */
  async lend(owner: Principal, runId: string, key: Buffer): Promise<void> {
    const [worker] = await this.database.query<{ id: number; publicKey: Buffer }>(WORKER, []);
    const wrapped = worker && wrapForWorker(worker.publicKey, runId, key);
    const values = [runId, owner.userId, worker?.id ?? null, wrapped ?? null, this.config.RUNS_PER_USER];
    const [run] = await this.database.query<{ waits: boolean }>(
      `SELECT custody = 'device' AND status = 'waiting' AND key_worker IS NULL AS waits FROM runs WHERE id = $1 AND user_id = $2`,
      [runId, owner.userId],
    );
    if (!run) throw new Problem('not_found');
    if (!run.waits) throw doesNotWait();
    if (!worker) throw new Problem('unavailable', { retryAfter: RETRY_S });
    const [row] = await this.database.transaction((tx) =>
      tx.query<{ lent: boolean }[]>('SELECT runs_lend_key($1, $2, $3, $4, $5) AS lent', values),
    );
    if (!row?.lent) throw doesNotWait();
  }
}

function doesNotWait(): Problem {
  return new Problem('conflict', { detail: 'This run does not wait for a key' });
}
