import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { Database, dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../../ormconfig';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { freePort, NodeProcess } from '../support/processes/node-process';

const CHAINS = Number(process.env['NOTIFICATION_CHAINS'] ?? 1_000);
const USERS = 50;
const WORKERS = 5;
const KILL_EVERY_MS = 1_500;
const END_MS = 600_000;
const FAULT_PERCENT = 4;
const POLICY = [
  { channel: 'web_push', after_s: 0 },
  { channel: 'whatsapp', after_s: 1 },
  { channel: 'voice', after_s: 2 },
] as const;
const WORKER = resolve(__dirname, '../../dist/apps/worker/src/main.js');

const isReady = new WeakSet<ChildProcess>();

type Settings = Readonly<Record<string, string>>;

/** Chains of push, WhatsApp and voice while five workers are killed at random: each step reaches its provider once, and each chain ends. */
export async function chaos(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-notifications-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  const source = await new DataSource(dataSourceOptions(postgres.url, ENTITIES, 4)).initialize();
  await migrate(source, postgres.url);
  const [twilio, push] = await Promise.all([FakeTwilio.start(), TestPushService.start()]);
  twilio.delayMs = 40;
  const settings = { ...settingsOf(folder, postgres.url), ...twilio.settings, ...push.settings };
  const api = new NodeProcess(
    'dist/apps/api/src/start.js',
    { ...settings, JOBS_IN_PROCESS: 'false', DATABASE_POOL: '8' },
    await freePort(),
  );
  const workers = Array.from({ length: WORKERS }, () => startWorker(settings));
  try {
    await api.start();
    const users: Call[] = [];
    while (users.length < USERS) users.push(await newUser(api.url, users.length, twilio, push));
    const faults = setInterval(() => {
      if (randomInt(100) < FAULT_PERCENT * 10) twilio.next.push(randomInt(2) === 0 ? 'lost' : { status: 503 });
    }, 250);
    const kills = { count: 0 };
    const killer = setInterval(() => {
      // On a slow machine a worker takes longer to start than the pause between kills.
      const ready = workers.flatMap((worker, index) => (isReady.has(worker) ? [index] : []));
      const index = ready[randomInt(Math.max(1, ready.length))];
      if (index === undefined || ready.length <= WORKERS / 2) return;
      workers[index]?.kill('SIGKILL');
      workers[index] = startWorker(settings);
      kills.count += 1;
    }, KILL_EVERY_MS);
    await createChains(users);
    await ended(new Database(source));
    clearInterval(killer);
    clearInterval(faults);
    await judge(new Database(source), twilio, push, kills.count);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await api.kill();
    await source.destroy().catch(() => undefined);
    await postgres.stop();
    await Promise.all([twilio.stop(), push.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

function settingsOf(folder: string, url: string): Settings {
  return {
    ENV: 'test',
    LOG_LEVEL: 'info',
    LLM_PROVIDER: 'offline',
    DATA_DIR: folder,
    DATABASE_URL: url,
    DATABASE_POOL: '3',
    RATE_LIMIT_FREE: '1000000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
    NOTIFICATION_RETRY_MS: '200',
    NOTIFICATION_TIMEOUT_MS: '2000',
    NOTIFICATION_LEASE_MS: '4000',
    NOTIFICATIONS_CONCURRENCY: '3',
  };
}

function startWorker(settings: Settings): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...settings, WORKER_ROLES: 'notifications' };
  const worker = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  worker.stdout.on('data', (line: Buffer) => {
    if (line.includes('worker_ready')) isReady.add(worker);
  });
  return worker;
}

/** Calls of one user. */
type Call = (path: string, body: object) => Promise<Record<string, string>>;

function callOf(baseUrl: string, token?: string): Call {
  return async (path, body) => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json() as Promise<Record<string, string>>;
  };
}

async function newUser(baseUrl: string, user: number, twilio: FakeTwilio, push: TestPushService): Promise<Call> {
  const account = { email: `user-${user}@example.org`, password: 'a long walk by the sea' };
  const call = callOf(baseUrl, (await callOf(baseUrl)('/auth/register', account))['access_token']);
  await call('/notifications/channels', { kind: 'web_push', subscription: push.subscribe() });
  const phone = `+3933300${String(10_000 + user)}`;
  for (const kind of ['whatsapp', 'voice']) {
    const { id = '' } = await call('/notifications/channels', { kind, phone });
    await call(`/notifications/channels/${id}/verify`, { code: twilio.codes.get(phone)?.code ?? '' });
  }
  return call;
}

/** A creation that the busy server refuses is repeated under its key. */
async function createChains(users: readonly Call[]): Promise<void> {
  let made = 0;
  const next = async (): Promise<void> => {
    while (made < CHAINS) {
      made += 1;
      const chain = { urgency: 'critical', title: 'Chain', policy: POLICY, dedupe_key: `chain-${made}` };
      const call = users[made % users.length];
      for (let tries = 1; call; tries += 1) {
        const failure = await call('/notifications', chain).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) break;
        if (tries === 20) throw failure;
        await pause(500);
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, next));
}

async function ended(database: Database): Promise<void> {
  const end = Date.now() + END_MS;
  for (;;) {
    const [row] = await database.query<{ open: number; all: number }>(
      `SELECT count(*) FILTER (WHERE status IN ('scheduled', 'escalating'))::int AS open, count(*)::int AS all FROM notifications`,
    );
    if (row?.open === 0 && row.all >= CHAINS) return;
    if (Date.now() > end) throw new Error(`${row?.open} chains have not ended`);
    await pause(500);
  }
}

/** What the providers have received is compared with the steps. */
async function judge(database: Database, twilio: FakeTwilio, push: TestPushService, kills: number): Promise<void> {
  const steps = await database.query<{
    key: string;
    kind: string;
    status: string;
    error_code: string | null;
    attempts: number;
  }>(`SELECT notification_id || '.' || position AS key, kind, status, error_code, attempts FROM notification_steps`);
  const received = new Map<string, number>();
  for (const { statusCallback } of twilio.items) {
    const key = new URL(statusCallback).searchParams.get('step') ?? '';
    received.set(key, (received.get(key) ?? 0) + 1);
  }
  const telephone = steps.filter(({ kind }) => kind !== 'web_push');
  const twice = telephone.filter(({ key }) => (received.get(key) ?? 0) > 1);
  const lost = telephone.filter(({ key, status }) => status === 'sent' && !received.has(key));
  const failed = steps.filter(({ status }) => status !== 'sent' && status !== 'delivered');
  const topics = new Set(push.messages.map(({ topic, browser }) => `${browser}:${topic}`));
  const pushed = steps.filter(({ kind, status }) => kind === 'web_push' && status === 'sent');
  const repeated = steps.filter(({ attempts }) => attempts > 1).length;
  process.stdout.write(
    `${CHAINS} chains, ${steps.length} steps, ${kills} kills: ${repeated} steps with several attempts, ${twice.length} sent twice, ` +
      `${lost.length} lost, ${failed.length} not sent, ${topics.size} of ${pushed.length} pushes distinct, ${push.messages.length - topics.size} replaced\n`,
  );
  for (const { kind, status, error_code: error } of failed.slice(0, 5))
    process.stdout.write(`  ${kind} ${status} ${error}\n`);
  if (twice.length > 0 || lost.length > 0 || topics.size !== pushed.length || steps.length !== 3 * CHAINS)
    throw new Error('a step was sent twice or lost');
}
