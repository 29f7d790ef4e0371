import { Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { z } from 'zod';
import { Database, jobHandler, jobKind, JobRunner, JobRunnerParts, type Log } from '@adiuva/platform';
import { WorkerKeyPair } from '../keys/worker-key-pair.service';
import { RunsConfig } from '../runs.config';
import { StepExecutor } from './step-executor.service';

/** Enqueued by the database's functions (runs_enqueue) under the key `run:node`. */
const StepShape = z.object({ runId: z.uuid(), node: z.number().int() });
const LOCK_CLASS = 7711;
const REAP_MS = 1_000;
const RECONNECT_MS = 500;
/** A ready step without a job for so long has lost it. */
const LOST_JOB_MS = 3_000;

/** One statement: a worker that others see without its lock counts as dead. */
const REGISTER = `WITH worker AS (INSERT INTO run_workers (public_key) VALUES ($1) RETURNING id) SELECT id, pg_advisory_lock($2, id) FROM worker`;
const REAP = 'SELECT runs_reap($1, $2, make_interval(secs => $3 / 1000.0))';
/** Who has runs that wait for the end of a stream alone, or that were passed over because another transaction had locked them. */
const HELD = `SELECT user_id AS "userId" FROM (
    SELECT DISTINCT user_id FROM runs WHERE status = 'queued' AND (held OR created_at < now() - interval '10 seconds')
  ) AS queued WHERE NOT account_disabled(user_id) AND (SELECT count(*) FROM runs r WHERE r.user_id = queued.user_id AND r.status = 'running') < $1`;
const RENEW = `UPDATE run_steps SET lease_until = now() + make_interval(secs => $2 / 1000.0) WHERE (run_id, node) IN (
    SELECT s.run_id, s.node FROM run_steps s JOIN unnest($3::uuid[], $4::integer[]) AS mine (run_id, node) USING (run_id, node)
    WHERE s.owner = $1 AND s.status = 'running' AND NOT account_disabled(s.user_id) FOR NO KEY UPDATE OF s SKIP LOCKED)`;
const OWNED = `SELECT run_id AS "runId", node FROM run_steps WHERE owner = $1 AND status = 'running' AND NOT account_disabled(user_id)`;

/**
 * Executes steps in this process. It is alive as long as its session holds an advisory lock: when the process dies, PostgreSQL releases
 * the lock and another worker takes its steps over; a process that is stopped loses them when their leases end.
 */
@Injectable()
export class RunWorker {
  private readonly jobs: JobRunner;
  private readonly log: Log;
  private session: Client | undefined;
  private id: number | undefined;
  private timers: NodeJS.Timeout[] = [];
  private stopped = true;

  constructor(
    private readonly database: Database,
    private readonly parts: JobRunnerParts,
    private readonly executor: StepExecutor,
    private readonly keyPair: WorkerKeyPair,
    private readonly config: RunsConfig,
  ) {
    this.log = parts.log;
    this.jobs = new JobRunner(parts);
  }

  async start(): Promise<void> {
    if (!this.stopped) return;
    this.stopped = false;
    await this.register();
    if (this.stopped) return;
    const handlers = ['run_step', this.keyPair.task].map((task) =>
      jobHandler(jobKind(task, StepShape), async (key, signal) => {
        // Without a registration the job is lost on purpose: the reaper enqueues the step again.
        if (this.id !== undefined) await this.executor.execute(key, this.id, signal);
      }),
    );
    await this.jobs.start(handlers, this.config.RUNS_CONCURRENCY);
    if (this.stopped) return;
    await this.reap().catch((error: unknown) => this.log.warn('run_worker_round_failed', { error }));
    this.every(REAP_MS, () => this.reap());
    this.every(this.config.RUN_LEASE_MS / 4, () => this.renew());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    this.executor.active.abortAll();
    await this.jobs.stop();
    const { session } = this;
    this.session = undefined;
    this.id = undefined;
    await session?.end().catch(() => undefined);
  }

  private async register(): Promise<void> {
    const session = new Client({
      connectionString: this.parts.server.url,
      application_name: 'adiuva-runs',
      keepAlive: true,
    });
    const lost = (): void => this.lose(session);
    session.on('error', lost);
    session.on('end', lost);
    try {
      await session.connect();
      const { rows } = await session.query<{ id: number }>(REGISTER, [this.keyPair.publicKey, LOCK_CLASS]);
      if (this.stopped) return await session.end();
      this.session = session;
      this.id = rows[0]?.id;
    } catch (error) {
      this.log.warn('run_worker_unregistered', { error });
      await session.end().catch(() => undefined);
      this.registerLater();
    }
  }

  /** Without its lock this worker counts as dead, so what it executes is aborted. */
  private lose(session: Client): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.id = undefined;
    this.executor.active.abortAll();
    this.registerLater();
  }

  private registerLater(): void {
    if (!this.stopped) setTimeout(() => void (this.stopped ? undefined : this.register()), RECONNECT_MS).unref();
  }

  private async reap(): Promise<void> {
    if (this.id === undefined) return;
    await this.saveNames();
    await this.database.query(REAP, [this.id, this.config.RUN_STEPS_PER_USER, LOST_JOB_MS]);
    await this.admitHeld();
  }

  /** One transaction a user, because each locks what the user has in progress. */
  private async admitHeld(): Promise<void> {
    const users = await this.database.query<{ userId: string }>(HELD, [this.config.RUNS_PER_USER]);
    for (const { userId } of users)
      await this.database.query('SELECT runs_admit($1, $2)', [userId, this.config.RUNS_PER_USER]);
  }

  /** The names under which jobs are locked, for another process to unlock them. */
  private async saveNames(): Promise<void> {
    const values = [this.id, this.jobs.workerNames];
    await this.database.query('UPDATE run_workers SET job_workers = $2 WHERE id = $1 AND job_workers <> $2', values);
  }

  /** Renews the leases of what is executed here, and aborts what is no longer ours, or of an account that was disabled. */
  private async renew(): Promise<void> {
    const mine = this.executor.active.begun;
    if (this.id === undefined || mine.length === 0) return;
    const [runs, nodes] = [mine.map(({ runId }) => runId), mine.map(({ node }) => node)];
    await this.database.query(RENEW, [this.id, this.config.RUN_LEASE_MS, runs, nodes]);
    const owned = await this.database.query<{ runId: string; node: number }>(OWNED, [this.id]);
    const still = new Set(owned.map(({ runId, node }) => `${runId}:${node}`));
    for (const key of mine) if (!still.has(`${key.runId}:${key.node}`)) this.executor.active.abort(key);
  }

  /** One round at a time; a round that fails is logged and followed by the next. */
  private every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const round = async (): Promise<void> => {
      if (busy || this.stopped) return;
      busy = true;
      await work().catch((error: unknown) => this.log.warn('run_worker_round_failed', { error }));
      busy = false;
    };
    this.timers.push(setInterval(() => void round(), ms).unref());
  }
}
