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
import { Balancer } from './balancer';
import { demand, print } from './cluster';
import { Ledger, User, WORDS } from './user';

const USERS = Number(process.argv[3] ?? 20);
/** A user pauses longer the more users there are, so that a machine of two cores carries 20 as well as 200: about 40 steps a second in all. */
const PAUSE_MS = 50 * USERS;
const POLL_MS = 10 * USERS;
const STEADY_MS = 4_000 + PAUSE_MS;
/** A run of a killed node continues within this time. */
const RUN_PAUSE_S = 30;
const PAID = `INSERT INTO entitlements (user_id, tier, seats) SELECT id, 'team', 1 FROM users ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`;
const MAX_PAUSE = `SELECT coalesce(max(pause), 0)::float AS seconds FROM (
  SELECT extract(epoch FROM at - lag(at) OVER (PARTITION BY run_id ORDER BY seq)) AS pause FROM run_events WHERE at > $1) AS pauses`;

/**
 * `npm run test:chaos -- rolling [USERS]`: two nodes behind a TCP balancer. Under load one node after the other is restarted: no request
 * fails and each stream is whole. Then a node is killed: each chat continues on the other or ends with one error, runs continue, and a request
 * that the node did not answer succeeds when it is sent again.
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
  for (const _ of [1, 2]) nodes.push(new NodeProcess('dist/apps/api/src/start.js', settings, await freePort()));
  await Promise.all(nodes.map((node) => node.start()));
  const balancer = await Balancer.before(nodes, await freePort());
  try {
    const users: User[] = [];
    const ledger = new Ledger();
    for (let at = 0; at < USERS; at += 1)
      users.push(await User.register(balancer.url, ledger, { pauseMs: PAUSE_MS, pollMs: POLL_MS }));
    await sql.query(PAID);
    await pause(4_000);
    print(`${USERS} users, each of whom pauses for ${PAUSE_MS} to ${3 * PAUSE_MS} ms between two steps of each kind`);
    await phase('rolling restart', users, ledger, async () => {
      for (const node of nodes) {
        await node.kill('SIGTERM');
        await node.start();
        await pause(STEADY_MS);
      }
    });
    print(`the balancer had no node for ${balancer.unserved} connections`);
    demand(ledger.failures.length === 0, `requests failed: ${[...new Set(ledger.failures)].slice(0, 5).join('; ')}`);
    demand(ledger.chatErrors.length === 0, `chats failed: ${ledger.chatErrors.map(({ code }) => code).join('; ')}`);
    await phase('a node killed', users, ledger, async () => {
      ledger.killedAt = Date.now();
      await nodes[0]?.kill();
      await pause(3 * STEADY_MS);
    });
    const { rows } = await sql.query<{ seconds: number }>(MAX_PAUSE, [new Date(ledger.killedAt)]);
    print(
      `killed: ${ledger.chatErrors.length} chats ended with an error, ${ledger.cut} requests were cut and sent again`,
    );
    print(`killed: a run paused for at most ${rows[0]?.seconds.toFixed(1)} s`);
    demand(ledger.failures.length === 0, `requests failed: ${[...new Set(ledger.failures)].slice(0, 5).join('; ')}`);
    const unexpected = ledger.chatErrors.filter(({ code, startedAt }) => code !== LOST || !ledger.mayBeCut(startedAt));
    demand(unexpected.length === 0, `chats failed: ${unexpected.map(({ code }) => code).join('; ')}`);
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
