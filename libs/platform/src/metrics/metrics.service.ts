import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Gauges that are read when Prometheus asks: the state of the database, of a pool, of sockets. */
export interface MetricSource {
  /** A constant; label of `adiuva_metrics_source_up`. */
  readonly name: string;
  /** Without a value where `read` fails, because an old value would be wrong. */
  readonly gauges: readonly Gauge<string>[];
  /** Sets the gauges. */
  readonly read: () => Promise<void> | void;
  /** The least time between two reads of an expensive source. */
  readonly everyMs?: number;
}

export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
}

const FAST = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
const SLOW = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 600];
/** Below the 10 s that Prometheus waits. */
const READ_TIMEOUT_MS = 5_000;
/** Counted from 0, because a rate sees no first increase of a series that appears with it. */
const ALERTED = [
  ['error', 'bug'],
  ['error', 'chat_broke'],
  ['error', 'sweep_refused'],
  ['warn', 'forwarded_for_ignored'],
] as const;
const EVENT = /^[a-z][a-z_]{0,39}$/;

/**
 * Numbers about this process and the installation in Prometheus form. A label is a constant of ours: a route template, a code, a kind, the
 * name of a configured model. It is never an id and never text of a user; test/platform/metrics.spec.ts holds each label to its values.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly described: MetricDescription[] = [];
  private readonly sources: MetricSource[] = [];
  private readonly readAt = new Map<MetricSource, number>();
  private reading: Promise<void> | undefined;

  readonly requests = this.histogram(
    'adiuva_http_request_duration_seconds',
    'Duration of requests by route template, method and status class',
    ['method', 'route', 'status'],
    FAST,
  );
  readonly requestsInFlight = this.gauge('adiuva_http_requests_in_flight', 'Requests that are being handled');
  readonly problems = this.counter('adiuva_http_problems_total', 'Problem documents that were sent, by code', ['code']);
  readonly sockets = this.gauge('adiuva_sockets', 'Open Socket.IO connections by namespace', ['namespace']);
  readonly streams = this.gauge('adiuva_chat_streams', 'Chat answers in progress');
  readonly chats = this.histogram('adiuva_chat_duration_seconds', 'Duration of chat answers', ['outcome'], SLOW);

  readonly modelCalls = this.histogram(
    'adiuva_model_call_duration_seconds',
    'Duration of calls to language models, to the last token',
    ['provider', 'model', 'outcome'],
    SLOW,
  );
  readonly firstTokens = this.histogram(
    'adiuva_model_first_token_seconds',
    'Time until a language model sends its first token',
    ['provider', 'model'],
    SLOW,
  );
  readonly breakers = this.gauge('adiuva_model_breaker_open', 'Whether calls to a model are refused without a try', [
    'provider',
    'model',
  ]);
  readonly tokens = this.counter('adiuva_llm_tokens_total', 'Tokens by provider, model and direction', [
    'provider',
    'model',
    'direction',
  ]);
  readonly leaks = this.counter('adiuva_prompt_leaks_total', 'Prompt leaks that were stopped, by rule and prompt', [
    'rule',
    'prompt',
  ]);

  readonly databaseOperations = this.histogram(
    'adiuva_database_operation_duration_seconds',
    'Duration of reads and transactions, with the wait for a connection',
    ['operation', 'outcome'],
    FAST,
  );
  readonly connections = this.gauge('adiuva_database_connections', 'Connections of the pool by state', ['state']);
  readonly waitingForConnection = this.gauge(
    'adiuva_database_waiting',
    'Statements that wait for a connection of the pool',
  );
  readonly jobs = this.gauge('adiuva_jobs', 'Jobs in the queue by state', ['state']);
  readonly oldestJob = this.gauge('adiuva_jobs_oldest_due_seconds', 'Age of the job that is due for the longest time');
  readonly jobRuns = this.histogram('adiuva_job_duration_seconds', 'Duration of jobs', ['job', 'outcome'], SLOW);

  readonly runs = this.gauge('adiuva_runs', 'Runs that have not ended, by status', ['status']);
  readonly oldestReadyStep = this.gauge(
    'adiuva_runs_oldest_ready_step_seconds',
    'Age of the step of a run that is ready for the longest time',
  );
  readonly endedRuns = this.gauge('adiuva_runs_ended_last_hour', 'Runs that ended in the last hour, by status', [
    'status',
  ]);
  readonly notificationSteps = this.gauge('adiuva_notification_steps', 'Steps of notifications by status', ['status']);
  readonly oldestNotificationStep = this.gauge(
    'adiuva_notification_oldest_due_seconds',
    'Age of the step of a notification that is due for the longest time',
  );
  readonly notificationAttempts = this.counter(
    'adiuva_notification_attempts_total',
    'Attempts to send a step of a notification',
    ['channel', 'outcome'],
  );

  readonly storedBytes = this.gauge('adiuva_stored_bytes', 'Bytes that users store, by kind', ['kind']);
  readonly storedObjects = this.gauge('adiuva_stored_objects', 'Objects that users store, by kind', ['kind']);
  readonly damagedBackups = this.gauge('adiuva_backups_damaged', 'Stored backups whose bytes have changed');
  readonly oldestScrub = this.gauge(
    'adiuva_backups_oldest_scrub_seconds',
    'Age of the last scrub of the backup that was not read for the longest time',
  );
  readonly drifts = this.gauge('adiuva_billing_drifts', 'Differences to Stripe that were found in the last 48 hours', [
    'kind',
    'state',
  ]);

  readonly signInAttempts = this.counter('adiuva_sign_in_attempts_total', 'Attempts to sign in with a secret', [
    'outcome',
  ]);
  readonly rateLimitsShared = this.gauge(
    'adiuva_rate_limits_shared',
    'Whether nodes share their counts through Redis; without a value where there is no Redis',
  );
  readonly nodes = this.gauge('adiuva_nodes', 'Nodes that were last seen in Redis, this one among them');
  readonly checks = this.gauge('adiuva_readiness_check', 'Checks of readiness: 1 is up, 0 is down', ['check']);
  readonly events = this.counter('adiuva_log_events_total', 'Log lines of level warn and error, by event', [
    'level',
    'event',
  ]);
  readonly build = this.gauge('adiuva_build_info', 'The version of this process', ['version', 'process']);
  private readonly sourceUp = this.gauge('adiuva_metrics_source_up', 'Whether a source of metrics could be read', [
    'source',
  ]);

  constructor() {
    for (const [level, event] of ALERTED) this.events.inc({ level, event }, 0);
  }

  addSource(source: MetricSource): void {
    this.sources.push(source);
  }

  /** The default process metrics watch the event loop, so they are collected only where they are read. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A log line of level warn or error. */
  countEvent(level: 'warn' | 'error', event: string): void {
    this.events.inc({ level, event: EVENT.test(event) ? event : 'other' });
  }

  /** Requests that come at the same time share one reading. */
  async text(): Promise<string> {
    this.reading ??= this.readSources().finally(() => (this.reading = undefined));
    await this.reading;
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Every metric of ours, also those without a value. */
  describe(): readonly MetricDescription[] {
    return this.described;
  }

  private async readSources(): Promise<void> {
    await Promise.all(this.sources.map((source) => this.readSource(source)));
  }

  private async readSource(source: MetricSource): Promise<void> {
    const now = performance.now();
    const last = this.readAt.get(source);
    if (last !== undefined && now - last < (source.everyMs ?? 0)) return;
    const read = await inTime(async () => source.read());
    if (read) this.readAt.set(source, now);
    else for (const gauge of source.gauges) gauge.reset();
    this.sourceUp.set({ source: source.name }, read ? 1 : 0);
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    this.described.push({ name, type: 'counter', labels: labelNames });
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    this.described.push({ name, type: 'gauge', labels: labelNames });
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ): Histogram<L> {
    this.described.push({ name, type: 'histogram', labels: labelNames });
    return new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [this.registry] });
  }
}

async function inTime(work: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), READ_TIMEOUT_MS)));
  const done = work().then(
    () => true,
    () => false,
  );
  const read = await Promise.race([done, late]);
  clearTimeout(timer);
  return read;
}
