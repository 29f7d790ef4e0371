import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { testDatabase } from '../support/database';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { demand, print } from './cluster';
import { Ledger, User, WORDS } from './user';

const MINUTES = Number(process.argv[3] ?? 10);
const WARM_UP_MS = 6 * 60_000;
const USERS = Number(process.argv[4] ?? 20);
const SAMPLE_MS = 5_000;
const MINUTE_MS = 60_000;
const MAX_GROWTH_MB = 1;
const PAID = `INSERT INTO entitlements (user_id, tier, seats) SELECT id, 'team', 1 FROM users ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`;

interface Sample {
  readonly minute: number;
  readonly mb: number;
}

/** `npm run test:chaos -- soak [MINUTES] [USERS]`: users work on one server; after a warm-up of six minutes its memory grows by less than 1 MB a minute. */
export async function chaos(): Promise<void> {
  await setUp();
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-soak-'));
  const database = await testDatabase();
  const model = await FakeOpenAi.start(() => ({ text: WORDS, gap: 20 }));
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    RATE_LIMIT_TEAM: '100000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
    // The users keep their first one.
    ACCESS_TOKEN_SECONDS: '3600',
    ...model.settings,
  };
  const server = new NodeProcess('dist/apps/api/src/start.js', settings, await freePort());
  try {
    await server.start();
    const ledger = new Ledger();
    const users: User[] = [];
    const pace = { pauseMs: 1_000, pollMs: 500 };
    for (let at = 0; at < USERS; at += 1) users.push(await User.register(server.url, ledger, pace));
    await pay(database.url);
    let isOver = false;
    const working = users.map((user) => user.work(() => isOver));
    await pause(WARM_UP_MS);
    const samples = await watch(server.pid);
    isOver = true;
    await Promise.all(working);
    for (const user of users) user.client.close();
    const growth = slope(samples);
    const range = [Math.min(...samples.map(({ mb }) => mb)), Math.max(...samples.map(({ mb }) => mb))];
    print(
      `soak of ${MINUTES} minutes: ${JSON.stringify(ledger.done)}, ${range.map(Math.round).join(' to ')} MB resident`,
    );
    print(`growth: ${growth.toFixed(2)} MB a minute`);
    demand(
      ledger.failures.length + ledger.chatErrors.length === 0,
      `failed: ${ledger.failures.slice(0, 3).join('; ')}`,
    );
    demand(growth < MAX_GROWTH_MB, 'the memory grows');
  } finally {
    await server.kill();
    await model.stop();
    await database.drop();
    await tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function pay(url: string): Promise<void> {
  const sql = new Client({ connectionString: url });
  await sql.connect();
  await sql.query(PAID);
  await sql.end();
  // No signal was sent: a tier is read again after a few seconds.
  await pause(4_000);
}

async function watch(pid: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const begun = performance.now();
  for (let minute = 0; minute < MINUTES; minute = (performance.now() - begun) / MINUTE_MS) {
    samples.push({ minute, mb: residentMb(pid) });
    if (samples.length % 12 === 0) print(`minute ${minute.toFixed(0)}: ${Math.round(samples.at(-1)?.mb ?? 0)} MB`);
    await pause(SAMPLE_MS);
  }
  return samples;
}

/** Of the line through all samples, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [minute, mb] = [mean((one) => one.minute), mean((one) => one.mb)];
  const spread = mean((one) => (one.minute - minute) ** 2);
  return mean((one) => (one.minute - minute) * (one.mb - mb)) / spread;
}

function residentMb(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
