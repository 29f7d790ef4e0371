import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { newId } from '@adiuva/kernel';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../ormconfig';
import { lifeOf, stripeWithPrices, WEBHOOK_SECRET } from '../test/support/builders/stripe-life';
import { Connection, httpRequest, median } from './load';
import type { Report } from './report';

const EVENTS = 1_000;
const REPEATS = 0.3;
const EVENTS_A_LIFE = 5;
const ROUNDS = 5;
const CONNECTIONS = 16;
const MIN_EVENTS_A_SECOND = 200;

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
}

/** 1,000 deliveries, 30 % of them repeats, of whole lives of subscriptions, shuffled; ours and a bare check and insert alternate. */
export async function bench(report: Report): Promise<void> {
  const rounds = report.size(ROUNDS, 1);
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  const source = await new DataSource(dataSourceOptions(postgres.url, ENTITIES, 2)).initialize();
  await migrate(source, postgres.url);
  const ours = await start('ours', postgres.url, folder);
  const bare = await start('bare', postgres.url, folder);
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const deliveries = await aRound(source);
      for (const [name, server] of [
        ['bare', bare],
        ['ours', ours],
      ] as const) {
        const rate = await handle(server.port, deliveries);
        if (round > 0) rates[name].push(rate);
      }
    }
    await check(source, rounds);
  } finally {
    ours.process.kill();
    bare.process.kill();
    await source.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const peer = { name: 'bare check and insert', value: median(rates.bare) };
  report.min(`Stripe events, ${CONNECTIONS} connections`, median(rates.ours), MIN_EVENTS_A_SECOND, {
    unit: '/s',
    peer,
  });
}

async function start(which: 'ours' | 'bare', databaseUrl: string, folder: string): Promise<Server> {
  const child = fork(resolve(__dirname, 'webhook-server.ts'), [which, databaseUrl, folder], {
    execArgv: ['--require', resolve(__dirname, '../test/support/typescript.js')],
  });
  const port = await new Promise<number>((done, failed) => {
    child.once('message', (message) => done(Number(message)));
    child.once('exit', () => failed(new Error(`the server "${which}" did not start`)));
  });
  return { process: child, port };
}

async function aRound(source: DataSource): Promise<Buffer[]> {
  const stripe = stripeWithPrices();
  const users = Array.from({ length: (EVENTS * (1 - REPEATS)) / EVENTS_A_LIFE }, () => newId());
  await source.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [users]);
  const events = users.flatMap((user, index) => lifeOf(stripe, user, index % 2 === 0).events);
  const repeated = Array.from(
    { length: EVENTS - events.length },
    () => events[Math.floor(Math.random() * events.length)] ?? {},
  );
  const all: object[] = [...events, ...repeated];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [all[at], all[other]] = [all[other] ?? {}, all[at] ?? {}];
  }
  return all.map((event) => {
    const { body, signature } = stripe.webhooks.signed(event, WEBHOOK_SECRET);
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': signature };
    return httpRequest('POST', '/api/v1/billing/webhook', headers, Buffer.from(body));
  });
}

/** Events a second. */
async function handle(port: number, deliveries: readonly Buffer[]): Promise<number> {
  const waiting = deliveries.values();
  const begun = performance.now();
  const lane = async (): Promise<void> => {
    const connection = new Connection(port);
    for (const delivery of waiting) {
      const { status, body } = await connection.send(delivery);
      if (status !== 200) throw new Error(`an event was answered ${status} ${body}`);
    }
    connection.end();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return deliveries.length / ((performance.now() - begun) / 1_000);
}

/** A fast answer without an effect does not count: half of the lives have ended, the others are power and past due. */
async function check(source: DataSource, rounds: number): Promise<void> {
  const rows = await source.query<{ tier: string; n: number }[]>(
    'SELECT tier, count(*)::int AS n FROM entitlements GROUP BY tier ORDER BY tier',
  );
  const lives = ((rounds + 1) * EVENTS * (1 - REPEATS)) / EVENTS_A_LIFE;
  const wanted = JSON.stringify([
    { tier: 'free', n: lives / 2 },
    { tier: 'power', n: lives / 2 },
  ]);
  if (JSON.stringify(rows) !== wanted)
    throw new Error(`the tiers are not what the events say: ${JSON.stringify(rows)}`);
}
