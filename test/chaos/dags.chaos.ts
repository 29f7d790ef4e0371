import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { testDatabase } from '../support/database';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { freePort, NodeProcess } from '../support/processes/node-process';

const ROUNDS = Number(process.argv[3] ?? 6);
const MODEL_MS = 150;
const MAX_GAP_S = 30;
const ROUND_MS = 180_000;
/** One node, then three, three, two and one. */
const NEEDS = [[], [0], [0], [0], [1], [2], [3], [4, 5], [6], [7, 8]];
const NODES = NEEDS.map((needs, index) => ({
  id: `n${index}`,
  agent: 'task_agent',
  instructions: `Task ${index} of {{params.round}}`,
  depends_on: needs.map((other) => `n${other}`),
}));

/**
 * `npm run test:chaos -- dags [ROUNDS]`: a DAG of ten agents on two servers that share a database; a random one is killed with -9 whenever
 * a step has ended, and started again. Every execution ends, every step ends once, every action is in the result once, the events have no
 * hole for a client that changes between the servers, and nothing pauses for more than 30 s.
 */
export async function chaos(): Promise<void> {
  await setUp();
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-chaos-'));
  const database = await testDatabase();
  const model = await FakeOpenAi.start(({ messages }) =>
    messages.at(-1)?.role === 'tool'
      ? { text: 'Done.', firstDelay: MODEL_MS }
      : { calls: [{ name: 'create_task', arguments: { title: titleIn(messages) } }], firstDelay: MODEL_MS },
  );
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_POOL: '8',
    ...model.settings,
  };
  const servers: NodeProcess[] = [];
  for (const _ of [1, 2]) servers.push(new NodeProcess('dist/apps/api/src/main.js', settings, await freePort()));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await Promise.all(servers.map((server) => server.start()));
    const token = await builder(servers, client);
    for (let round = 0; round < ROUNDS; round += 1) await oneRound({ servers, client, model, token, round });
  } finally {
    await Promise.all(servers.map((server) => server.kill()));
    await client.end();
    await model.stop();
    await database.drop();
    await tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Round {
  readonly servers: readonly NodeProcess[];
  readonly client: Client;
  readonly model: FakeOpenAi;
  readonly token: string;
  readonly round: number;
}

async function oneRound({ servers, client, model, token, round }: Round): Promise<void> {
  model.seen.length = 0;
  const dag = await post(servers, token, '/create-dag', { title: 'chaos', nodes: NODES, params: { round } });
  const { execution_id: id } = await post(servers, token, '/execute-dag', { dag_id: dag['id'] });
  const followed = follow(servers, token, String(id));
  const { kills, outages } = await killAtBoundaries(servers, client, String(id));
  const events = await followed;
  const steps = await client.query<{ status: string; attempt: number }>(
    'SELECT status, attempt FROM run_steps WHERE run_id = $1 ORDER BY node',
    [id],
  );
  const { rows: times } = await client.query<{ at: Date }>('SELECT at FROM run_events WHERE run_id = $1 ORDER BY seq', [
    id,
  ]);
  const pauses = times.slice(1).map(({ at }, index) => pauseBetween(times[index]?.at ?? at, at, outages));
  const maxPause = Math.max(...pauses.map(({ served }) => served)) / 1000;
  const output = await get(servers, token, `/runs/${String(id)}/output`);
  const titles = Object(output)
    .actions.map(({ data }: { data: { title: string } }) => data.title)
    .sort();
  const completed = events.filter(({ type }) => type === 'step.completed').map(({ node }) => node);
  const attempts = steps.rows.reduce((sum, { attempt }) => sum + attempt, 0);
  print(
    `round ${round + 1}: ${kills} kills, ${attempts} attempts of ${NODES.length} steps, ${model.seen.length} calls of models (20 without kills), ` +
      `${events.length} events, longest pause ${maxPause.toFixed(1)} s while a server was up ` +
      `(${(Math.max(...pauses.map(({ whole }) => whole)) / 1000).toFixed(1)} s with the starts of servers)`,
  );
  demand(
    steps.rows.every(({ status }) => status === 'done'),
    'a step has not ended',
  );
  demand(completed.length === NODES.length && new Set(completed).size === NODES.length, 'a step ended more than once');
  demand(
    titles.join() ===
      NODES.map((_, index) => `Task ${index} of ${round}`)
        .sort()
        .join(),
    'an action is missing or there twice',
  );
  demand(
    events.every(({ seq }, index) => seq === index + 1),
    'the events have a hole',
  );
  demand(maxPause < MAX_GAP_S, `nothing happened for ${maxPause} s`);
}

/** A time in which no server was ready, in milliseconds since the epoch. */
interface Outage {
  readonly from: number;
  to: number;
}

function pauseBetween(one: Date, other: Date, outages: readonly Outage[]): { whole: number; served: number } {
  const [from, to] = [one.getTime(), other.getTime()];
  const down = outages.map((outage) => Math.max(0, Math.min(to, outage.to) - Math.max(from, outage.from)));
  return { whole: to - from, served: to - from - down.reduce((sum, ms) => sum + ms, 0) };
}

/** Kills a random server each time that a step has ended, until the execution has. */
async function killAtBoundaries(
  servers: readonly NodeProcess[],
  client: Client,
  id: string,
): Promise<{ kills: number; outages: Outage[] }> {
  const outages: Outage[] = [];
  const end = Date.now() + ROUND_MS;
  const starting = new Map<NodeProcess, Promise<unknown>>();
  let [kills, ended] = [0, 0];
  for (;;) {
    const { rows } = await client.query<{ status: string; ended: number }>(
      `SELECT r.status, (SELECT count(*)::integer FROM run_steps s WHERE s.run_id = r.id AND s.ended_at IS NOT NULL) AS ended FROM runs r WHERE r.id = $1`,
      [id],
    );
    const [run] = rows;
    if (run?.status === 'completed') break;
    demand(run?.status !== 'failed' && Date.now() < end, `the execution is ${String(run?.status)}`);
    if (run && run.ended > ended) {
      ended = run.ended;
      const server = servers[randomInt(servers.length)];
      if (server && server.pid > 0 && !starting.has(server)) {
        kills += 1;
        await server.kill();
        if (starting.size === servers.length - 1) outages.push({ from: Date.now(), to: Infinity });
        const started = server.start().then(() => {
          const outage = outages.at(-1);
          if (starting.size === servers.length && outage) outage.to = Date.now();
          starting.delete(server);
        });
        starting.set(server, started);
      }
    }
    await pause(10);
  }
  await Promise.all(starting.values());
  return { kills, outages };
}

interface Event {
  readonly seq: number;
  readonly type: string;
  readonly node: string | undefined;
}

/** Follows the execution on whichever server answers, from the last event that it has received. */
async function follow(servers: readonly NodeProcess[], token: string, id: string): Promise<Event[]> {
  const events: Event[] = [];
  const end = Date.now() + ROUND_MS;
  for (let turn = 0; Date.now() < end; turn += 1) {
    const url = `${servers[turn % servers.length]?.url}/api/v1/dag-executions/${id}/events`;
    const headers = { authorization: `Bearer ${token}`, 'last-event-id': String(events.length) };
    try {
      const response = await fetch(url, { headers });
      if (!response.ok || !response.body) throw new Error('not served');
      let buffer = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        buffer += chunk;
        const blocks = buffer.split('\n\n');
        buffer = blocks.pop() ?? '';
        for (const block of blocks) events.push(...parsed(block));
      }
    } catch {
      await pause(50);
    }
    if (events.at(-1)?.type === 'run.status' && events.at(-2)?.type === 'output') return events;
  }
  throw new Error('the client did not receive the end');
}

function parsed(block: string): Event[] {
  const [, seq, type = '', data = '{}'] = /id: (\d+)\nevent: (.+)\ndata: (.+)/.exec(block) ?? [];
  return seq === undefined ? [] : [{ seq: Number(seq), type, node: JSON.parse(data).node }];
}

function titleIn(messages: readonly { role: string; content: unknown }[]): string {
  return /Task \d+ of \d+/.exec(String(messages.findLast(({ role }) => role === 'user')?.content))?.[0] ?? '';
}

async function builder(servers: readonly NodeProcess[], client: Client): Promise<string> {
  const credentials = { email: `chaos-${Date.now()}@example.org`, password: 'a long walk by the sea' };
  const { access_token: token } = await post(servers, '', '/auth/register', credentials);
  await client.query(`INSERT INTO entitlements (user_id, tier, seats) SELECT id, 'team', 1 FROM users
    ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`);
  const { rows } = await client.query<{ id: string }>('SELECT id FROM users');
  const signal = [{ topic: 'entitlement.changed', data: { user_id: rows[0]?.id } }];
  await client.query('SELECT pg_notify($1, $2)', ['adiuva_signals', JSON.stringify(signal)]);
  await pause(500);
  return String(token);
}

async function post(servers: readonly NodeProcess[], token: string, path: string, body: object) {
  return anywhere(servers, path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const get = (servers: readonly NodeProcess[], token: string, path: string) =>
  anywhere(servers, path, { headers: { authorization: `Bearer ${token}` } });

async function anywhere(
  servers: readonly NodeProcess[],
  path: string,
  init: RequestInit,
): Promise<Record<string, unknown>> {
  for (let turn = 0; ; turn += 1) {
    const response = await fetch(`${servers[turn % servers.length]?.url}/api/v1${path}`, init).catch(() => undefined);
    if (response?.ok) return (await response.json()) as Record<string, unknown>;
    if (response && response.status < 500) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    await pause(100);
  }
}

function demand(holds: boolean, fault: string): void {
  if (!holds) throw new Error(fault);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
