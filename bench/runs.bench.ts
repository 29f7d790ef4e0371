import { rmSync } from 'node:fs';
import { Client } from 'pg';
import { Logger, run as runJobs } from 'graphile-worker';
import type { Principal } from '@adiuva/kernel';
import { done, newDataDir, oneStep, RunEngine } from '../test/support/builders/run-engine';
import { testDatabase } from '../test/support/database';
import setUp from '../test/support/global-setup';
import tearDown from '../test/support/global-teardown';
import { freePort, NodeProcess } from '../test/support/processes/node-process';
import { median, quantile } from './load';
import type { Report } from './report';

const STARTS = 60;
const USERS = 25;
const STEPS = 500;
const QUEUED = 200;
const MANY = 10_000;
const CONCURRENCY = 16;
const GATES = { first: 50, share: 0.1, p95: 100, crowded: 2 };

/** Start to first step, steps a second beside bare graphile-worker, `POST /goals/:id/run` behind 200 queued runs, and a user beside one with 10,000. */
export async function bench(report: Report): Promise<void> {
  await setUp();
  const dataDir = newDataDir();
  const database = await testDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const started = new Map<string, (ms: number) => void>();
  const engine = await RunEngine.start({ url: database.url, dataDir }, ({ runId }) => {
    started.get(runId)?.(performance.now());
    return Promise.resolve(done());
  });
  try {
    const p95 = await queuedBehind(database.url, dataDir, client);
    report.max(`POST /goals/:id/run with ${QUEUED} queued, p95`, p95, GATES.p95, { unit: 'ms' });
    await engine.work();
    const starts = report.size(STARTS, 5);
    const quiet = await firstSteps(engine, started, await engine.user(), starts);
    report.max('start to first step, median', quiet, GATES.first, { unit: 'ms' });
    const steps = report.size(STEPS, USERS);
    const [ours, bare] = [await stepRate(engine, client, steps), await bareRate(database.url, steps)];
    report.min('steps a second, share of bare graphile-worker', ours / bare, GATES.share);
    report.note(`${ours.toFixed(0)} steps a second; bare graphile-worker: ${bare.toFixed(0)} jobs that do nothing`);
    await crowd(engine, client);
    const crowded = await firstSteps(engine, started, await engine.user(), starts);
    const peer = { name: 'alone', value: quiet };
    report.max(`start to first step beside a user with ${MANY} runs`, crowded, GATES.crowded * quiet, {
      unit: 'ms',
      peer,
    });
  } finally {
    await engine.stop();
    await client.end();
    await database.drop();
    await tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function firstSteps(
  engine: RunEngine,
  started: Map<string, (ms: number) => void>,
  owner: Principal,
  starts: number,
): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < starts; index += 1) {
    const begun = performance.now();
    const id = await engine.start(owner, oneStep());
    const first = new Promise<number>((resolve) => started.set(id, resolve));
    const known = (await engine.runs.get(owner, id)).status === 'completed' ? performance.now() : await first;
    times.push(known - begun);
    await engine.until(owner, id, 'completed');
  }
  return median(times);
}

async function stepRate(engine: RunEngine, client: Client, steps: number): Promise<number> {
  const owners: Principal[] = [];
  while (owners.length < USERS) owners.push(await engine.user());
  const before = await endedSteps(client);
  const begun = performance.now();
  await Promise.all(
    owners.map(async (owner) => {
      for (let index = 0; index < steps / USERS; index += 1) await engine.start(owner, oneStep());
    }),
  );
  while ((await endedSteps(client)) < before + steps) await new Promise((again) => setTimeout(again, 10));
  return (1000 * steps) / (performance.now() - begun);
}

async function endedSteps(client: Client): Promise<number> {
  const { rows } = await client.query<{ ended: number }>(
    'SELECT count(*)::integer AS ended FROM run_steps WHERE ended_at IS NOT NULL',
  );
  return rows[0]?.ended ?? 0;
}

/** The same number of jobs that do nothing, added and executed in the same database with the same concurrency. */
async function bareRate(url: string, steps: number): Promise<number> {
  let ended = 0;
  let finish: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (finish = resolve));
  const runner = await runJobs({
    connectionString: url,
    concurrency: CONCURRENCY,
    logger: new Logger(() => () => undefined),
    taskList: { bench_bare: () => void ((ended += 1) === steps && finish()) },
  });
  const begun = performance.now();
  await Promise.all(Array.from({ length: steps }, () => runner.addJob('bench_bare', {})));
  await all;
  const rate = (1000 * steps) / (performance.now() - begun);
  await runner.stop();
  return rate;
}

/** One user has 10,000 queued runs; four of them are running and never end. */
async function crowd(engine: RunEngine, client: Client): Promise<void> {
  const owner = await engine.user();
  await client.query(
    `INSERT INTO runs (id, user_id, kind, status, trigger, custody, open_steps, total_steps)
     SELECT gen_random_uuid(), $1, 'gateway', CASE WHEN n <= 4 THEN 'running' ELSE 'queued' END, 'api', 'server', 1, 1 FROM generate_series(1, $2) AS n`,
    [owner.userId, MANY],
  );
  await client.query('ANALYZE runs');
}

async function queuedBehind(url: string, dataDir: string, client: Client): Promise<number> {
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'warn',
    LLM_PROVIDER: 'offline',
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    JOBS_IN_PROCESS: 'false',
  };
  const server = new NodeProcess('apps/api/src/main.ts', { ...settings, RATE_LIMIT_FREE: '100000' }, await freePort());
  await server.start('/api/v1/health');
  try {
    const post = async (path: string, token: string, body: object) => {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return (await response.json()) as Record<string, string>;
    };
    const credentials = { email: `bench-${Date.now()}@example.org`, password: 'a long walk by the sea' };
    const { access_token: token = '' } = await post('/auth/register', '', credentials);
    const { id } = await post('/goals', token, { title: 'bench', instructions: 'add a task: x', agent: 'task_agent' });
    for (let index = 0; index < QUEUED + 4; index += 1) await post(`/goals/${id}/run`, token, {});
    const times: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      const begun = performance.now();
      await post(`/goals/${id}/run`, token, {});
      times.push(performance.now() - begun);
    }
    await client.query('DELETE FROM runs');
    return quantile(
      times.sort((a, b) => a - b),
      0.95,
    );
  } finally {
    await server.kill();
  }
}
