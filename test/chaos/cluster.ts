import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { testDatabase } from '../support/database';
import { FakeOpenAi, type Answerer } from '../support/fakes/models/fake-openai';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { freePort, NodeProcess } from '../support/processes/node-process';

const ROUND_MS = 180_000;
const PAID = `INSERT INTO entitlements (user_id, tier, seats) SELECT id, 'team', 1 FROM users ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`;
const PROGRESS = `SELECT r.status, (SELECT count(*)::integer FROM run_steps s WHERE s.run_id = r.id AND s.ended_at IS NOT NULL) AS ended
  FROM runs r WHERE r.id = $1`;

export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  /** The id of a node of a DAG, else that of the step. */
  readonly node: string | undefined;
}

/** A time in which no server was ready, in milliseconds since the epoch. */
interface Outage {
  readonly from: number;
  to: number;
}

export interface Kills {
  readonly count: number;
  readonly outages: readonly Outage[];
}

/** Two built servers that share a database and a model, which are killed with -9 and started again. */
export class Cluster {
  private constructor(
    private readonly servers: readonly NodeProcess[],
    readonly database: Client,
    readonly model: FakeOpenAi,
    private readonly clean: () => Promise<void>,
  ) {}

  static async start(answerer: Answerer): Promise<Cluster> {
    await setUp();
    const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-chaos-'));
    const database = await testDatabase();
    const model = await FakeOpenAi.start(answerer);
    const settings = {
      ENV: 'test',
      LOG_LEVEL: 'error',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      DATABASE_POOL: '8',
      ...model.settings,
    };
    const servers: NodeProcess[] = [];
    for (const _ of [1, 2]) servers.push(new NodeProcess('dist/apps/api/src/start.js', settings, await freePort()));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const cluster = new Cluster(servers, client, model, async () => {
      await model.stop();
      await database.drop();
      await tearDown();
      rmSync(dataDir, { recursive: true, force: true });
    });
    await Promise.all(servers.map((server) => server.start()));
    return cluster;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.database.end();
    await this.clean();
  }

  /** The access token of a new user on the team plan. */
  async user(): Promise<string> {
    const credentials = { email: `chaos-${Date.now()}@example.org`, password: 'a long walk by the sea' };
    const { access_token: token } = await this.post('', '/auth/register', credentials);
    await this.database.query(PAID);
    const { rows } = await this.database.query<{ id: string }>('SELECT id FROM users');
    const signal = [{ id: randomUUID(), topic: 'entitlement.changed', data: { user_id: rows[0]?.id } }];
    await this.database.query('SELECT pg_notify($1, $2)', ['adiuva_signals', JSON.stringify(signal)]);
    await pause(500);
    return String(token);
  }

  /** Of whichever server answers. */
  async post(token: string, path: string, body: object): Promise<Record<string, unknown>> {
    return this.anywhere(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async get(token: string, path: string): Promise<Record<string, unknown>> {
    return this.anywhere(path, { headers: { authorization: `Bearer ${token}` } });
  }

  /**
   * Kills a random server each time that a step of the run has ended or `mark` has changed, until the run is completed. `watch` is called all
   * the time between.
   */
  async killUntilCompleted(
    id: string,
    { mark = () => 0, watch = () => Promise.resolve() }: { mark?: () => number; watch?: () => Promise<void> } = {},
  ): Promise<Kills> {
    const outages: Outage[] = [];
    const end = Date.now() + ROUND_MS;
    const starting = new Map<NodeProcess, Promise<unknown>>();
    let [count, seen] = [0, `0:${mark()}`];
    for (;;) {
      const { rows } = await this.database.query<{ status: string; ended: number }>(PROGRESS, [id]);
      const [run] = rows;
      await watch();
      if (run?.status === 'completed') break;
      demand(run?.status !== 'failed' && Date.now() < end, `the run is ${String(run?.status)}`);
      const now = `${run?.ended}:${mark()}`;
      const server = this.servers[randomInt(this.servers.length)];
      if (now !== seen && server && server.pid > 0 && !starting.has(server)) {
        count += 1;
        await server.kill();
        if (starting.size === this.servers.length - 1) outages.push({ from: Date.now(), to: Infinity });
        const started = server.start().then(() => {
          const outage = outages.at(-1);
          if (starting.size === this.servers.length && outage) outage.to = Date.now();
          starting.delete(server);
        });
        starting.set(server, started);
      }
      seen = now;
      await pause(10);
    }
    await Promise.all(starting.values());
    return { count, outages };
  }

  /** Follows the run on whichever server answers, from the last event that it has received. `path` is that of its events. */
  async follow(token: string, path: string): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    const end = Date.now() + ROUND_MS;
    for (let turn = 0; Date.now() < end; turn += 1) {
      const url = `${this.servers[turn % this.servers.length]?.url}/api/v1${path}`;
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

  /** The maximum time between two events of the run, in seconds: in all, and without the time in which no server was up. */
  async maxPause(id: string, { outages }: Kills): Promise<{ whole: number; served: number }> {
    const sql = 'SELECT at FROM run_events WHERE run_id = $1 ORDER BY seq';
    const { rows } = await this.database.query<{ at: Date }>(sql, [id]);
    const pauses = rows.slice(1).map(({ at }, index) => pauseBetween(rows[index]?.at ?? at, at, outages));
    const max = (of: 'whole' | 'served') => Math.max(...pauses.map((each) => each[of])) / 1000;
    return { whole: max('whole'), served: max('served') };
  }

  private async anywhere(path: string, init: RequestInit): Promise<Record<string, unknown>> {
    for (let turn = 0; ; turn += 1) {
      const url = `${this.servers[turn % this.servers.length]?.url}/api/v1${path}`;
      const response = await fetch(url, init).catch(() => undefined);
      if (response?.ok) return (await response.json()) as Record<string, unknown>;
      if (response && response.status < 500) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      await pause(100);
    }
  }
}

function pauseBetween(one: Date, other: Date, outages: readonly Outage[]): { whole: number; served: number } {
  const [from, to] = [one.getTime(), other.getTime()];
  const down = outages.map((outage) => Math.max(0, Math.min(to, outage.to) - Math.max(from, outage.from)));
  return { whole: to - from, served: to - from - down.reduce((sum, ms) => sum + ms, 0) };
}

function parsed(block: string): RunEvent[] {
  const [, seq, type = '', data = '{}'] = /id: (\d+)\nevent: (.+)\ndata: (.+)/.exec(block) ?? [];
  const { node, step_id } = JSON.parse(data);
  return seq === undefined ? [] : [{ seq: Number(seq), type, node: node ?? step_id }];
}

export function demand(holds: boolean, fault: string): void {
  if (!holds) throw new Error(fault);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
