import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { freePort, NodeProcess } from '../test/support/processes/node-process';
import { httpRequest, measure, median, type Rate } from './load';
import { awaitTiers, call, create, newUser, sha256, SIZE, streamHeaders, type User } from './record-users';
import type { Report } from './report';

const ROUNDS = 5;
const ROUND_MS = 2_000;
const BATCH = 500;

const GATES = { put: 0.6, batch: 5, contention: 1.5 };

/** PUT beside thin servers, batches, and four writers of one record. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-bench-'));
  const quiet = {
    ENV: 'test',
    LOG_LEVEL: 'warn',
    LLM_PROVIDER: 'offline',
    RATE_LIMIT_TEAM: '100000000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
  };
  const ours = new NodeProcess('apps/api/src/main.ts', { DATA_DIR: folder, ...quiet }, await freePort());
  await ours.start();
  const url = (await connectEmbeddedPostgres(folder)) ?? '';
  const thin = await thinServer('nest', url, folder);
  const bare = await thinServer('node', url, folder);
  const database = new Client({ connectionString: url });
  await database.connect();
  try {
    const users: User[] = [];
    while (users.length < 64) users.push(await newUser(ours, database));
    await awaitTiers();
    for (const connections of [16, 64]) await puts(report, { ours, thin, bare }, users.slice(0, connections));
    await batches(report, ours, users);
    await contention(report, ours, users);
  } finally {
    await database.end();
    await thin.kill();
    await bare.kill();
    await ours.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
}

async function thinServer(stack: 'nest' | 'node', url: string, folder: string): Promise<NodeProcess> {
  const settings = { STACK: stack, DATABASE_URL: url, FOLDER: join(folder, `thin-${stack}`) };
  const server = new NodeProcess('bench/thin-server.ts', settings, await freePort());
  await server.start('/');
  return server;
}

/**
 * Each connection is a user who replaces one record repeatedly. The servers take turns, so that noise of the machine affects all alike.
 * The thin server uses Nest and Express as ours does; the one on bare Node shows the cost of the stack alone.
 */
async function puts(
  report: Report,
  servers: Readonly<Record<'ours' | 'thin' | 'bare', NodeProcess>>,
  users: readonly User[],
): Promise<void> {
  const requests = await Promise.all(
    users.map(async (user) => {
      const id = await create(servers.ours, user);
      const bytes = randomBytes(SIZE);
      const thin = httpRequest('PUT', `/${id}`, streamHeaders(user, bytes), bytes);
      return {
        ours: httpRequest('PUT', `/api/v1/storage/records/${id}`, streamHeaders(user, bytes), bytes),
        ...{ thin, bare: thin },
      };
    }),
  );
  const rates: Record<'ours' | 'thin' | 'bare', Rate[]> = { ours: [], thin: [], bare: [] };
  for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
    for (const name of ['bare', 'thin', 'ours'] as const) {
      const { port } = servers[name];
      const ms = report.size(ROUND_MS, 300);
      const rate = await measure(port, users.length, ms, (index) => requests[index]?.[name] ?? Buffer.alloc(0));
      if (round > 0) rates[name].push(rate);
    }
  }
  const share = (of: Rate[], against: Rate[]): number =>
    median(of.map((rate, index) => rate.perSecond / (against[index]?.perSecond ?? 1)));
  const scenario = `PUT of 4 KB, ${users.length} connections, share of the rate of upsert and synced file`;
  report.min(`${scenario} on Nest`, share(rates.ours, rates.thin), GATES.put);
  report.min(`${scenario} on bare Node`, share(rates.ours, rates.bare), GATES.put);
  report.note(`ours ${describe(rates.ours)}; on Nest ${describe(rates.thin)}; on bare Node ${describe(rates.bare)}`);
}

/** One client that syncs: single PUTs one after the other, against the same rows in batches. */
async function batches(report: Report, ours: NodeProcess, users: readonly User[]): Promise<void> {
  const [user] = users;
  if (!user) throw new Error('no user');
  const bytes = randomBytes(SIZE);
  const content = { blob: bytes.toString('base64'), checksum: sha256(bytes) };
  const json = { Authorization: `Bearer ${user.token}`, 'Content-Type': 'application/json' };
  const made = await call(
    ours,
    httpRequest(
      'POST',
      '/api/v1/storage/records/batch',
      json,
      operations(Array.from({ length: BATCH }, () => ({ op: 'create', table: 'notes', ...content }))),
    ),
  );
  const ids: string[] = JSON.parse(made).results.map((result: { id: string }) => result.id);
  const batch = httpRequest(
    'POST',
    '/api/v1/storage/records/batch',
    json,
    operations(ids.map((id) => ({ op: 'update', id, ...content }))),
  );
  const singles = ids.map((id) =>
    httpRequest('PUT', `/api/v1/storage/records/${id}`, json, Buffer.from(JSON.stringify(content))),
  );
  const gains: number[] = [];
  const rates: { single: Rate[]; batch: Rate[] } = { single: [], batch: [] };
  for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
    let next = 0;
    const single = await measure(
      ours.port,
      1,
      report.size(ROUND_MS, 300),
      () => singles[next++ % singles.length] ?? batch,
    );
    const together = await measure(ours.port, 1, report.size(ROUND_MS, 300), () => batch);
    if (round === 0) continue;
    rates.single.push(single);
    rates.batch.push(together);
    gains.push((together.perSecond * BATCH) / single.perSecond);
  }
  report.min(`rows in batches of ${BATCH}, one client, times the rate of single PUTs`, median(gains), GATES.batch);
  const rows = median(rates.batch.map((rate) => rate.perSecond)) * BATCH;
  report.note(`${describe(rates.single)} single PUTs; ${rows.toFixed(0)} rows a second in batches`);
}

/** Four connections of a user: each to a record of its own, and all to one, by turns. */
async function contention(report: Report, ours: NodeProcess, [user]: readonly User[]): Promise<void> {
  if (!user) throw new Error('no user');
  const bytes = randomBytes(SIZE);
  const requests: Buffer[] = [];
  while (requests.length < 4)
    requests.push(
      httpRequest('PUT', `/api/v1/storage/records/${await create(ours, user)}`, streamHeaders(user, bytes), bytes),
    );
  const shares: number[] = [];
  const rates: { four: Rate[]; one: Rate[] } = { four: [], one: [] };
  const ms = report.size(ROUND_MS, 300);
  for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
    const four = await measure(ours.port, 4, ms, (index) => requests[index] ?? Buffer.alloc(0));
    const one = await measure(ours.port, 4, ms, () => requests[0] ?? Buffer.alloc(0));
    if (round === 0) continue;
    shares.push(four.perSecond / one.perSecond);
    rates.four.push(four);
    rates.one.push(one);
  }
  report.max('four writers of four records, times the rate of one record', median(shares), GATES.contention);
  report.note(`four records ${describe(rates.four)}; one record ${describe(rates.one)}`);
}

function operations(list: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ operations: list }));
}

function describe(rates: readonly Rate[]): string {
  const of = (pick: (rate: Rate) => number): number => median(rates.map(pick));
  return `${of((rate) => rate.perSecond).toFixed(0)}/s (p50 ${of((rate) => rate.p50).toFixed(1)} ms, p99 ${of((rate) => rate.p99).toFixed(1)} ms)`;
}
