import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { cursorEpoch } from '@adiuva/quota';
import { freePort, NodeProcess } from '../test/support/processes/node-process';
import { Connection, httpRequest, measure, median, type Rate } from './load';

const ROUNDS = 4;
const ROUND_MS = 2_000;
const SIZE = 4_096;
const BATCH = 500;

interface User {
  readonly id: string;
  readonly token: string;
}

/** What the issue of this feature asks for; printed beside what was measured. */
const GATES = { put: 0.6, batch: 5, growth: 1.3 };

export async function bench(): Promise<void> {
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
  const faults: string[] = [];
  const gate = (name: string, value: number, ok: boolean): void => {
    print(`${ok ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(2)}`);
    if (!ok) faults.push(name);
  };
  try {
    const users: User[] = [];
    while (users.length < 64) users.push(await newUser(ours, database));
    await awaitTiers();
    for (const connections of [16, 64]) {
      const ratio = await puts({ ours, thin, bare }, users.slice(0, connections));
      gate(
        `PUT of 4 KB, ${connections} connections, share of the thin server on the same stack (at least ${GATES.put})`,
        ratio,
        ratio >= GATES.put,
      );
    }
    const gain = await batches(ours, users);
    gate(
      `rows a second in batches of ${BATCH}, times those of single PUTs, one client (at least ${GATES.batch})`,
      gain,
      gain >= GATES.batch,
    );
    for (const [name, growth] of await reads(ours, database)) {
      gate(`${name}, 100,000 records against 1,000 (at most ${GATES.growth})`, growth, growth <= GATES.growth);
    }
  } finally {
    await database.end();
    await thin.kill();
    await bare.kill();
    await ours.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
  if (faults.length > 0) throw new Error(`not reached: ${faults.join('; ')}`);
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
  servers: Readonly<Record<'ours' | 'thin' | 'bare', NodeProcess>>,
  users: readonly User[],
): Promise<number> {
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
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of ['bare', 'thin', 'ours'] as const) {
      const { port } = servers[name];
      const rate = await measure(port, users.length, ROUND_MS, (index) => requests[index]?.[name] ?? Buffer.alloc(0));
      if (round > 0) rates[name].push(rate);
    }
  }
  const share = (of: Rate[], against: Rate[]): number =>
    median(of.map((rate, index) => rate.perSecond / (against[index]?.perSecond ?? 1)));
  print(
    `PUT 4 KB, ${users.length} connections: ours ${describe(rates.ours)}; thin ${describe(rates.thin)}; on bare Node ${describe(rates.bare)}`,
  );
  print(
    `for comparison, share of the thin server on bare Node: ours ${share(rates.ours, rates.bare).toFixed(2)}, thin ${share(rates.thin, rates.bare).toFixed(2)}`,
  );
  return share(rates.ours, rates.thin);
}

/** One client that syncs: single PUTs one after the other, against the same rows in batches. */
async function batches(ours: NodeProcess, users: readonly User[]): Promise<number> {
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
  for (let round = 0; round <= ROUNDS; round += 1) {
    let next = 0;
    const single = await measure(ours.port, 1, ROUND_MS, () => singles[next++ % singles.length] ?? batch);
    const together = await measure(ours.port, 1, ROUND_MS, () => batch);
    if (round === 0) continue;
    rates.single.push(single);
    rates.batch.push(together);
    gains.push((together.perSecond * BATCH) / single.perSecond);
  }
  print(
    `one client: ${describe(rates.single)} single PUTs; ${(median(rates.batch.map((rate) => rate.perSecond)) * BATCH).toFixed(0)} rows a second in batches`,
  );
  const wide = await measure(ours.port, 16, ROUND_MS, (index) => singles[(index * 31) % singles.length] ?? batch);
  print(`for comparison, 16 connections of one user: ${wide.perSecond.toFixed(0)} single PUTs a second`);
  return median(gains);
}

async function reads(ours: NodeProcess, database: Client): Promise<[string, number][]> {
  const [few, many] = [await seeded(ours, database, 1_000), await seeded(ours, database, 100_000)];
  await database.query('ANALYZE');
  const {
    rows: [installation],
  } = await database.query<{ epoch: string }>('SELECT epoch FROM installation');
  if (!installation) throw new Error('no installation');
  const paths: Record<string, (of: { records: number; ids: string[] }, turn: number) => string> = {
    'a page in the middle': ({ records }) => `/api/v1/storage/records?limit=50&page=${Math.floor(records / 100)}`,
    'a page of a table in the middle': ({ records }) =>
      `/api/v1/storage/records?table=notes&limit=50&page=${Math.floor(records / 100)}`,
    'changes in the middle': ({ records }) =>
      `/api/v1/storage/changes?limit=50&cursor=${Math.floor(records / 2)}-${cursorEpoch(installation.epoch)}`,
    'get by id': ({ ids }, turn) => `/api/v1/storage/records/${ids[turn % ids.length] ?? ''}`,
  };
  const growths: [string, number][] = [];
  for (const [name, path] of Object.entries(paths)) {
    const times: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [which, data] of [
        ['few', few],
        ['many', many],
      ] as const) {
        let turn = 0;
        const headers = { Authorization: `Bearer ${data.user.token}` };
        const rate = await measure(ours.port, 1, ROUND_MS / 3, () => httpRequest('GET', path(data, turn++), headers));
        if (round > 0) times[which].push(rate.p50);
      }
    }
    print(`${name}: p50 ${median(times.few).toFixed(2)} ms of 1,000, ${median(times.many).toFixed(2)} ms of 100,000`);
    growths.push([name, median(times.many) / median(times.few)]);
  }
  return growths;
}

/** A user with so many records; the rows are written as the server writes them, the objects of the 300 that are read are real. */
async function seeded(
  ours: NodeProcess,
  database: Client,
  records: number,
): Promise<{ user: User; records: number; ids: string[] }> {
  const user = await newUser(ours, database);
  await awaitTiers();
  const ids: string[] = [];
  for (let index = 0; index < 300; index += 1) ids.push(await create(ours, user));
  const rest = records - ids.length;
  await database.query(
    `WITH made AS (
       INSERT INTO records (user_id, id, table_name, version, checksum, size_bytes, object_key, ordinal, created_at, updated_at)
       SELECT $1::uuid, gen_random_uuid(), 'notes', 1, sha256(n::text::bytea), 10, $1::uuid::text || '/notes/' || n, n + 300, now(), now() FROM generate_series(1, $2::integer) n
       RETURNING id, ordinal, checksum
     ), changed AS (
       INSERT INTO record_changes (user_id, position, record_id, table_name, version, checksum, changed_at)
       SELECT $1::uuid, ordinal, id, 'notes', 1, checksum, now() FROM made
     ), counted AS (
       INSERT INTO record_buckets AS b (user_id, table_name, bucket, live) SELECT $1::uuid, 'notes', ordinal / 256, count(*) FROM made GROUP BY 3
       ON CONFLICT (user_id, table_name, bucket) DO UPDATE SET live = b.live + excluded.live
     )
     UPDATE storage_usage SET position = position + $2::integer, records_made = records_made + $2::integer, records_count = records_count + $2::integer,
       records_bytes = records_bytes + 10 * $2::bigint WHERE user_id = $1::uuid`,
    [user.id, rest],
  );
  return { user, records, ids };
}

async function newUser(server: NodeProcess, database: Client): Promise<User> {
  const body = Buffer.from(
    JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' }),
  );
  const { access_token: token } = JSON.parse(
    await call(server, httpRequest('POST', '/api/v1/auth/register', { 'Content-Type': 'application/json' }, body)),
  );
  const { id } = JSON.parse(
    await call(server, httpRequest('GET', '/api/v1/auth/me', { Authorization: `Bearer ${token}` })),
  );
  await database.query(
    `INSERT INTO entitlements (user_id, tier) VALUES ($1, 'team') ON CONFLICT (user_id) DO UPDATE SET tier = 'team'`,
    [id],
  );
  return { id, token };
}

/** The server remembers a tier for at most 3 s. */
function awaitTiers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3_200));
}

async function create(server: NodeProcess, user: User): Promise<string> {
  const bytes = randomBytes(SIZE);
  const headers = { ...streamHeaders(user, bytes), 'X-Table': 'notes' };
  return JSON.parse(await call(server, httpRequest('POST', '/api/v1/storage/records', headers, bytes))).id;
}

async function call(server: NodeProcess, request: Buffer): Promise<string> {
  const connection = new Connection(server.port);
  const { status, body } = await connection.send(request);
  connection.end();
  if (status >= 300) throw new Error(`a request was answered ${status} ${body}`);
  return body;
}

function streamHeaders(user: User, bytes: Buffer): Record<string, string> {
  return {
    Authorization: `Bearer ${user.token}`,
    'Content-Type': 'application/octet-stream',
    'X-Checksum': sha256(bytes),
  };
}

function operations(list: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ operations: list }));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function describe(rates: readonly Rate[]): string {
  const of = (pick: (rate: Rate) => number): number => median(rates.map(pick));
  return `${of((rate) => rate.perSecond).toFixed(0)}/s (p50 ${of((rate) => rate.p50).toFixed(1)} ms, p99 ${of((rate) => rate.p99).toFixed(1)} ms)`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
