import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { Logger, parseCrontab, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Pool } from 'pg';
import { DatabaseServer } from '../database/database-server.service';
import { DeadlineClient } from '../database/deadline-client.adapter';
import { Log } from '../logging/log.service';
import { Metrics } from '../metrics/metrics.service';
import { Tracing } from '../tracing/tracing.port';
import { assertOneHandlerEach, type JobHandler } from './job';

const CONCURRENCY = 4;
/** One listens. */
const POOL_SIZE = 3;
const RETRY_START_MS = 2_000;
/** Jobs may wait for a connection behind others; a server that does not answer is noticed by the deadline of the query. */
const ACQUIRE_TIMEOUT_MS = 30_000;

/** What every runner of jobs is made with. */
@Injectable()
export class JobRunnerParts {
  constructor(
    readonly server: DatabaseServer,
    readonly log: Log,
    readonly metrics: Metrics,
    readonly tracing: Tracing,
  ) {}
}

/** Runs jobs of the shared queue in this process. Several processes may run concurrently; each job is leased by one. */
@Injectable()
export class JobRunner {
  private runner: Runner | undefined;
  private pool: Pool | undefined;
  private stopping = new AbortController();
  private concurrency = CONCURRENCY;
  private readonly events: WorkerEvents = new EventEmitter();
  private readonly names = new Set<string>();

  constructor(private readonly parts: JobRunnerParts) {
    this.events.on('worker:create', ({ worker }) => void this.names.add(worker.workerId));
  }

  /** The names under which this process locks jobs, for another process to unlock them when it has died. */
  get workerNames(): readonly string[] {
    return [...this.names];
  }

  get up(): boolean {
    return this.runner !== undefined;
  }

  /** Starts taking jobs, once until it is stopped. Retries until the database answers. */
  async start(handlers: readonly JobHandler[], concurrency = CONCURRENCY): Promise<void> {
    assertOneHandlerEach(handlers);
    if (this.pool) return;
    this.stopping = new AbortController();
    this.concurrency = concurrency;
    this.pool = new Pool({
      connectionString: this.parts.server.url,
      max: POOL_SIZE,
      application_name: 'adiuva-jobs',
      connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
      Client: DeadlineClient,
    });
    this.pool.on('error', () => undefined);
    // graphile-worker warns on standard output about a pool without a handler for errors of its clients.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    await this.tryToStart(handlers, this.pool, this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { runner, pool } = this;
    this.runner = undefined;
    this.pool = undefined;
    await runner?.stop().catch(() => undefined);
    await pool?.end().catch(() => undefined);
  }

  private async tryToStart(handlers: readonly JobHandler[], pgPool: Pool, stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    const again = (): void => {
      if (stopping.aborted) return;
      this.runner = undefined;
      setTimeout(() => void this.tryToStart(handlers, pgPool, stopping), RETRY_START_MS).unref();
    };
    try {
      const runner = await run({
        pgPool,
        concurrency: this.concurrency,
        events: this.events,
        noHandleSignals: true,
        taskList: this.tasksOf(handlers, stopping),
        parsedCronItems: parseCrontab(crontabOf(handlers)),
        // Alone, a completion is a promise that graphile-worker does not await: one that fails would end the process. A batch retries, and its
        // failure ends the runner, which is started again.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        logger: new Logger(() => () => undefined),
      });
      runner.promise.catch(again);
      // It was stopped while this one was being started.
      if (stopping.aborted) await runner.stop();
      else this.runner = runner;
    } catch (error) {
      this.parts.log.warn('jobs_unreachable', { error });
      again();
    }
  }

  private tasksOf(handlers: readonly JobHandler[], stopping: AbortSignal): TaskList {
    return Object.fromEntries(
      handlers.map((handler) => [
        handler.name,
        (payload: unknown, helpers) => this.runOne(handler, payload, helpers.job, stopping),
      ]),
    );
  }

  private async runOne(
    handler: JobHandler,
    payload: unknown,
    job: { id: string; attempts: number; max_attempts: number },
    stopping: AbortSignal,
  ): Promise<void> {
    const { log, metrics, tracing } = this.parts;
    const started = performance.now();
    const fields = { job: handler.name, job_id: job.id, attempt: job.attempts };
    const observe = (outcome: 'done' | 'failed' | 'dead'): number => {
      const ms = performance.now() - started;
      metrics.jobRuns.observe({ job: handler.name, outcome }, ms / 1000);
      return Math.round(ms);
    };
    try {
      const attributes = { 'adiuva.job.name': handler.name, 'adiuva.job.attempt': job.attempts };
      await tracing.span(`job ${handler.name}`, attributes, () => handler.run(payload, stopping), 'consumer');
      log.info('job_done', { ...fields, ms: observe('done') });
    } catch (error) {
      const isDead = job.attempts >= job.max_attempts;
      observe(isDead ? 'dead' : 'failed');
      log.warn(isDead ? 'job_dead' : 'job_failed', { ...fields, error });
      // The queue keeps the message of what we throw; a driver's message may hold values, so it gets the name alone.
      throw new Error(error instanceof Error ? error.name : 'failed');
    }
  }
}

function crontabOf(handlers: readonly JobHandler[]): string {
  return handlers.flatMap((handler) => (handler.cron ? [`${handler.cron} ${handler.name} ?fill=1d`] : [])).join('\n');
}
