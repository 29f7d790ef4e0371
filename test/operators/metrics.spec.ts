import { createHash, randomUUID } from 'node:crypto';
import { PROBLEM_CODES } from '@adiuva/kernel';
import { Database, jobHandler, jobKind, JobRunner, JobRunnerParts, Jobs, Metrics } from '@adiuva/platform';
import { z } from 'zod';
import { JobHandlers } from '../../apps/worker/src/job-handlers.service';
import { eventually, TestApp, type TestUser } from '../support/app';

const POISON = jobKind('refresh_subscription_of_test', z.object({}));

/** The values of each label, which are constants of the code or templates of routes. A label that is not here is not allowed. */
function vocabulary(routes: readonly string[], jobs: readonly string[]): Record<string, ReadonlySet<string> | RegExp> {
  return {
    method: new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    route: new Set([...routes, 'none']),
    status: new Set([
      ...['2xx', '3xx', '4xx', '5xx', 'aborted'],
      ...['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'sending', 'unknown'],
    ]),
    code: new Set(PROBLEM_CODES),
    namespace: /^\/api\/v1\/[a-z/]+$/,
    outcome: new Set(['done', 'failed', 'dead', 'cancelled', 'checked', 'right', 'limited', 'sent', 'waiting']),
    provider: new Set(['offline']),
    model: new Set(['offline']),
    direction: new Set(['input', 'output']),
    state: new Set(['idle', 'busy', 'due', 'scheduled', 'running', 'dead', 'open', 'repaired']),
    operation: new Set(['read', 'prepared', 'transaction', 'transaction_with_answer']),
    job: new Set([...jobs, POISON.name]),
    kind: new Set(['records', 'vectors', 'files', 'backups']),
    check: new Set(['database', 'blobs', 'vectors', 'llm', 'jobs', 'rate_limits']),
    level: new Set(['warn', 'error']),
    event: /^[a-z_]+$/,
    source: /^[a-z_]+$/,
    // Of histograms.
    le: /^(?:\+Inf|[0-9.]+)$/,
  };
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

describe('metrics', () => {
  let app: TestApp;
  let metrics: Metrics;
  let user: TestUser;
  const marker = randomUUID();

  beforeAll(async () => {
    app = await TestApp.start();
    metrics = app.nest.get(Metrics);
    user = await app.user('power');
  });
  afterAll(() => app.stop());

  const samples = async (): Promise<Sample[]> => read(await metrics.text());
  const valueOf = async (name: string, labels: Record<string, string> = {}): Promise<number | undefined> =>
    (await samples()).find((sample) => sample.name === name && includes(sample.labels, labels))?.value;

  it('have no label that is an id or text of a user, whatever is requested', async () => {
    await app.startJobs();
    await everythingWith(app, user, marker);
    const runner = await failingJob(app);
    await eventually(async () => (await valueOf('adiuva_jobs', { state: 'dead' })) === 1);
    await runner.stop();
    const routes = await routesOf(app);
    const jobs = app.nest.get(JobHandlers).all.map(({ name }) => name);
    const allowed = vocabulary(routes, jobs);
    const wrong = (await samples()).flatMap(({ name, labels }) =>
      Object.entries(labels)
        .filter(([label, value]) => !isAllowed(allowed[label], value))
        .map(([label, value]) => `${name}{${label}="${value}"}`),
    );
    expect(wrong).toEqual([]);
    expect(await metrics.text()).not.toContain(marker);
  });

  it('count requests by template, method and status class', async () => {
    const id = randomUUID();
    await app.call('get', `/storage/records/${id}?table=notes`, user).expect(404);
    const labels = { method: 'GET', route: '/api/v1/storage/records/:id', status: '4xx' };
    expect(await valueOf('adiuva_http_request_duration_seconds_count', labels)).toBeGreaterThanOrEqual(1);
    expect(await valueOf('adiuva_http_problems_total', { code: 'not_found' })).toBeGreaterThanOrEqual(1);
  });

  it('count wrong and right secrets of sign-ins', async () => {
    const before = { checked: 0, right: 0 };
    for (const outcome of ['checked', 'right'] as const)
      before[outcome] = (await valueOf('adiuva_sign_in_attempts_total', { outcome })) ?? 0;
    const { email, password } = user;
    await app.call('post', '/auth/login').send({ email, password }).expect(200);
    await app.call('post', '/auth/login').send({ email, password: 'not it at all' }).expect(401);
    expect(await valueOf('adiuva_sign_in_attempts_total', { outcome: 'checked' })).toBe(before.checked + 2);
    expect(await valueOf('adiuva_sign_in_attempts_total', { outcome: 'right' })).toBe(before.right + 1);
  });

  it('count open sockets, and those that have closed no longer', async () => {
    const socket = await app.socket(user.accessToken);
    const open = () => valueOf('adiuva_sockets', { namespace: '/api/v1/chat/stream' });
    expect(await open()).toBeGreaterThanOrEqual(1);
    const before = (await open()) ?? 0;
    socket.disconnect();
    await eventually(async () => (await open()) === before - 1);
  });

  it('show the pool, and what users store', async () => {
    const total =
      ((await valueOf('adiuva_database_connections', { state: 'idle' })) ?? 0) +
      ((await valueOf('adiuva_database_connections', { state: 'busy' })) ?? 0);
    expect(total).toBeGreaterThanOrEqual(1);
    const reads = { operation: 'read', outcome: 'done' };
    expect(await valueOf('adiuva_database_operation_duration_seconds_count', reads)).toBeGreaterThanOrEqual(1);
    expect(await valueOf('adiuva_stored_objects', { kind: 'records' })).toBeGreaterThanOrEqual(0);
    expect(await valueOf('adiuva_backups_damaged')).toBe(0);
    expect(await valueOf('adiuva_runs', { status: 'queued' })).toBe(0);
  });

  it('show calls of models, their tokens and their breakers', async () => {
    await app.call('post', '/chat', user).send({ message: 'add a task: buy bread' }).expect(200);
    expect(
      await valueOf('adiuva_model_call_duration_seconds_count', { provider: 'offline', outcome: 'done' }),
    ).toBeGreaterThanOrEqual(1);
    expect(await valueOf('adiuva_model_breaker_open', { provider: 'offline' })).toBe(0);
    expect(await valueOf('adiuva_chat_duration_seconds_count', { outcome: 'done' })).toBeGreaterThanOrEqual(1);
  });
});

describe('a source of metrics', () => {
  it('that cannot be read gives no value instead of the last one, and is reported', async () => {
    const metrics = new Metrics();
    let fails = false;
    metrics.addSource({
      name: 'queue',
      gauges: [metrics.jobs],
      read: () => {
        if (fails) throw new Error('down');
        metrics.jobs.set({ state: 'due' }, 7);
      },
    });
    expect(await metrics.text()).toContain('adiuva_jobs{state="due"} 7');
    fails = true;
    const text = await metrics.text();
    expect(text).not.toContain('adiuva_jobs{state="due"}');
    expect(text).toContain('adiuva_metrics_source_up{source="queue"} 0');
  });

  it('that is expensive is not read at every scrape', async () => {
    const metrics = new Metrics();
    let reads = 0;
    metrics.addSource({ name: 'sums', gauges: [], read: () => void (reads += 1), everyMs: 3_600_000 });
    await metrics.text();
    await metrics.text();
    expect(reads).toBe(1);
  });

  it('is read once for scrapes at the same time', async () => {
    const metrics = new Metrics();
    let reads = 0;
    metrics.addSource({ name: 'sums', gauges: [], read: () => void (reads += 1) });
    await Promise.all([metrics.text(), metrics.text()]);
    expect(reads).toBe(1);
  });
});

/** Requests of many kinds with the marker in every place that a client fills. */
async function everythingWith(app: TestApp, user: TestUser, marker: string): Promise<void> {
  await app.call('post', '/auth/login').send({ email: `${marker}@example.org`, password: marker });
  await app.call('get', `/${marker}/${marker}`, user);
  await app.call('get', `/storage/records/${marker}?table=${marker}`, user);
  await app.call('get', `/agents/${marker}`, user);
  await app.call('get', `/tools/${marker}`, user);
  await app.call('get', '/auth/me', user).set('X-Request-Id', marker).set('User-Agent', marker);
  await app.call('put', `/providers/${marker}`, user).send({ api_key: marker });
  const blob = Buffer.from(marker);
  const checksum = createHash('sha256').update(blob).digest('hex');
  await app
    .call('post', '/storage/records', user)
    .send({ table: 'notes', blob: blob.toString('base64'), checksum })
    .expect(201);
  await app.call('post', '/chat', user).send({ message: `add a task: ${marker}` });
  const agent = { name: 'own_agent', description: marker, instructions: marker, tools: ['create_task'] };
  await app.call('post', '/agents', user).send(agent).expect(201);
  await app.call('post', '/chat', user).send({ message: `add a task: ${marker}`, agents: ['own_agent'] });
  const socket = await app.socket(user.accessToken);
  await socket.emitWithAck('chat:send', { message: marker, unknown: marker });
  await app.call('post', '/webhooks/stripe').set('Stripe-Signature', marker).send(marker);
}

/** A job of its own kind that fails, and has no attempts left; gives what runs it. */
async function failingJob(app: TestApp): Promise<JobRunner> {
  await app.nest.get(JobRunner).stop();
  const handler = jobHandler(POISON, () => Promise.reject(new Error('poison')));
  const database = app.nest.get(Database);
  await database.transaction((tx) => app.nest.get(Jobs).add(tx, POISON, {}, { maxAttempts: 1 }));
  const runner = new JobRunner(app.nest.get(JobRunnerParts));
  await runner.start([handler]);
  return runner;
}

/** The templates that OpenAPI has, as Express writes them, and the document itself. */
async function routesOf(app: TestApp): Promise<string[]> {
  const { paths }: { paths: object } = JSON.parse(await (await fetch(`${app.url}/api/openapi.json`)).text());
  return ['/api/openapi.json', ...Object.keys(paths)].map((path) => path.replace(/\{(\w+)\}/g, ':$1'));
}

function isAllowed(allowed: ReadonlySet<string> | RegExp | undefined, value: string): boolean {
  if (allowed === undefined) return false;
  return allowed instanceof Set ? allowed.has(value) : (allowed as RegExp).test(value);
}

function includes(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Of the text form of Prometheus. */
function read(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (.+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
        label,
        text,
      ]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}
