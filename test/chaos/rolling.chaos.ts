import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { AdiuvaClient, ApiProblem, MemoryTokenStore, type Tokens } from '@adiuva/client';
import { testDatabase } from '../support/database';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { Balancer } from './balancer';
import { demand, print } from './cluster';

const USERS = Number(process.argv[3] ?? 20);
const STEADY_MS = 4_000;
const RUN_MS = 120_000;
/** A run of a killed node continues within this time. */
const RUN_PAUSE_S = 30;
const WORDS = Array.from({ length: 40 }, (_, at) => `word${at} `);
const PAID = `INSERT INTO entitlements (user_id, tier, seats) SELECT id, 'team', 1 FROM users ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`;
const MAX_PAUSE = `SELECT coalesce(max(pause), 0)::float AS seconds FROM (
  SELECT extract(epoch FROM at - lag(at) OVER (PARTITION BY run_id ORDER BY seq)) AS pause FROM run_events WHERE at > $1) AS pauses`;

/** What the users have seen. */
class Ledger {
  readonly done = { chats: 0, records: 0, backups: 0, runs: 0 };
  chatErrors: string[] = [];
  failures: string[] = [];
  slowestChatMs = 0;
}

class User {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly client: AdiuvaClient,
    private readonly ledger: Ledger,
  ) {}

  static async register(url: string, ledger: Ledger): Promise<User> {
    const body = JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1/auth/register`, { method: 'POST', headers, body });
    const session = (await response.json()) as Tokens;
    const tokens = new MemoryTokenStore();
    await tokens.save(session);
    return new User(url, session.access_token, new AdiuvaClient({ baseUrl: url, tokens }), ledger);
  }

  /** Works until `isOver`; what has begun is completed. */
  async work(isOver: () => boolean): Promise<void> {
    const loops = [this.chat, this.record, this.backup, this.run].map(async (step) => {
      while (!isOver()) {
        await step.call(this).catch((error: unknown) => this.ledger.failures.push(`${step.name}: ${reasonOf(error)}`));
        await pause(300 + Math.random() * 700);
      }
    });
    await Promise.all(loops);
  }

  private async chat(): Promise<void> {
    const started = performance.now();
    let text = '';
    try {
      for await (const event of this.client.chats.stream({ message: 'Say words', agents: ['task_agent'] })) {
        if (event.type === 'token') text += event.text;
        else demand(event.response === text && text === WORDS.join(''), `a chat is not whole: ${text.length}`);
      }
      this.ledger.done.chats += 1;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.ledger.chatErrors.push(`${error.status} ${error.code}`);
    }
    this.ledger.slowestChatMs = Math.max(this.ledger.slowestChatMs, performance.now() - started);
  }

  private async record(): Promise<void> {
    const bytes = randomBytes(2_000);
    const checksum = createHash('sha256').update(bytes).digest('hex');
    const body = { table: 'notes', blob: bytes.toString('base64'), checksum };
    const { id } = await this.json('POST', '/storage/records', body);
    const read = await this.send('GET', `/storage/records/${id}`);
    demand(bytes.equals(Buffer.from(await read.arrayBuffer())), 'a record differs');
    this.ledger.done.records += 1;
  }

  private async backup(): Promise<void> {
    const bytes = randomBytes(50_000);
    const headers = {
      'x-backup-version': '1',
      'x-backup-timestamp': String(Date.now()),
      'x-backup-checksum': createHash('sha256').update(bytes).digest('hex'),
      'content-type': 'application/octet-stream',
    };
    await (await this.send('PUT', '/backup', bytes, headers)).arrayBuffer();
    this.ledger.done.backups += 1;
  }

  private async run(): Promise<void> {
    const goal = { title: 'Words', instructions: 'Say words', agent: 'task_agent', input: { tasks: [] } };
    const { id } = await this.json('POST', '/goals', goal);
    const { run_id } = await this.json('POST', `/goals/${id}/run`, {});
    const end = Date.now() + RUN_MS;
    for (;;) {
      const { status } = await this.json('GET', `/runs/${run_id}`);
      if (status === 'completed') break;
      demand(status !== 'failed' && Date.now() < end, `a run is ${status}`);
      await pause(500);
    }
    this.ledger.done.runs += 1;
  }

  private async json(method: string, path: string, body?: object): Promise<Readonly<Record<string, string>>> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.send(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
    return (await response.json()) as Readonly<Record<string, string>>;
  }

  /** One request without a retry. */
  private async send(
    method: string,
    path: string,
    body?: string | Buffer<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const init = { method, headers: { ...headers, authorization: `Bearer ${this.token}` }, ...(body ? { body } : {}) };
    const response = await fetch(`${this.url}/api/v1${path}`, init);
    if (!response.ok) throw new Error(`${path.split('/')[1]} ${response.status} ${await response.text()}`);
    return response;
  }
}

/**
 * `npm run test:chaos -- rolling [USERS]`: two nodes behind a TCP balancer. Under load one node after the other is restarted: no request
 * fails and each stream is whole. Then a node is killed: each chat continues on the other or ends with one error, and runs continue.
 */
export async function chaos(): Promise<void> {
  await setUp();
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-rolling-'));
  const database = await testDatabase();
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const model = await FakeOpenAi.start(() => ({ text: WORDS, gap: 60 }));
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_POOL: '12',
    SOCKET_POLLING: 'false',
    SHUTDOWN_DELAY_MS: '2500',
    RATE_LIMIT_TEAM: '100000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
    AUTH_LIMIT_PER_ADDRESS: '100000',
    ...model.settings,
  };
  const nodes: NodeProcess[] = [];
  for (const _ of [1, 2]) nodes.push(new NodeProcess('dist/apps/api/src/main.js', settings, await freePort()));
  await Promise.all(nodes.map((node) => node.start()));
  const balancer = await Balancer.before(nodes, await freePort());
  try {
    const users: User[] = [];
    const ledger = new Ledger();
    for (let at = 0; at < USERS; at += 1) users.push(await User.register(balancer.url, ledger));
    await sql.query(PAID);
    await pause(4_000);
    await phase('rolling restart', users, ledger, async () => {
      for (const node of nodes) {
        await node.kill('SIGTERM');
        await node.start();
        await pause(STEADY_MS);
      }
    });
    demand(ledger.failures.length === 0, `requests failed: ${[...new Set(ledger.failures)].slice(0, 5).join('; ')}`);
    demand(ledger.chatErrors.length === 0, `chats failed: ${[...new Set(ledger.chatErrors)].join('; ')}`);
    const killedAt = new Date();
    const [failuresBefore, unexpected] = [ledger.failures.length, () => ledger.chatErrors.filter((e) => e !== LOST)];
    await phase('a node killed', users, ledger, async () => {
      await nodes[0]?.kill();
      await pause(3 * STEADY_MS);
    });
    const { rows } = await sql.query<{ seconds: number }>(MAX_PAUSE, [killedAt]);
    const cut = ledger.failures.length - failuresBefore;
    print(`killed: ${ledger.chatErrors.length} chats ended with an error, ${cut} requests were cut`);
    print(`killed: a run paused for at most ${rows[0]?.seconds.toFixed(1)} s`);
    demand(unexpected().length === 0, `chats failed: ${[...new Set(unexpected())].join('; ')}`);
    demand((rows[0]?.seconds ?? 0) <= RUN_PAUSE_S, 'a run paused for too long');
    for (const user of users) user.client.close();
  } finally {
    balancer.stop();
    await Promise.all(nodes.map((node) => node.kill()));
    await sql.end();
    await model.stop();
    await database.drop();
    await tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const LOST = '503 unavailable';

async function phase(name: string, users: readonly User[], ledger: Ledger, act: () => Promise<void>): Promise<void> {
  const before = { ...ledger.done };
  ledger.slowestChatMs = 0;
  let isOver = false;
  const working = users.map((user) => user.work(() => isOver));
  await pause(STEADY_MS);
  await act();
  isOver = true;
  await Promise.all(working);
  const { done } = ledger;
  const figures = {
    users: users.length,
    chats: done.chats - before.chats,
    records: done.records - before.records,
    backups: done.backups - before.backups,
    runs: done.runs - before.runs,
    failures: ledger.failures.length,
    chatErrors: ledger.chatErrors.length,
    slowestChatMs: Math.round(ledger.slowestChatMs),
  };
  print(`${name}: ${JSON.stringify(figures)}`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause instanceof Error ? ` (${'code' in error.cause ? String(error.cause.code) : error.cause.message})` : '';
  return `${error.message}${cause}`;
}
