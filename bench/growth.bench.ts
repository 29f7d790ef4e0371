import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { cursorEpoch } from '@adiuva/quota';
import { freePort, NodeProcess } from '../test/support/processes/node-process';
import { httpRequest, measure, median } from './load';
import { awaitTiers, create, newUser, type User } from './record-users';
import type { Report } from './report';

const ROUNDS = 5;
const ROUND_MS = 2_000;
const USERS = 16;
const GATES = { growth: 1.3, nodes: 1.2 };

/** Reads of 100,000 records beside 1,000, and two processes beside one. Needs `npm run build` first. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-bench-'));
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'warn',
    LLM_PROVIDER: 'offline',
    DATA_DIR: folder,
    RATE_LIMIT_TEAM: '100000000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
  };
  const ours = new NodeProcess('dist/apps/api/src/start.js', settings, await freePort());
  await ours.start();
  const url = (await connectEmbeddedPostgres(folder)) ?? '';
  const database = new Client({ connectionString: url });
  await database.connect();
  try {
    const users: User[] = [];
    while (users.length < USERS) users.push(await newUser(ours, database));
    await awaitTiers();
    await twoNodes(report, ours, users, { ...settings, DATABASE_URL: url });
    await reads(report, ours, database);
  } finally {
    await database.end();
    await ours.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same load on one process, and on two with one database. Both share two cores with PostgreSQL and the client. */
async function twoNodes(
  report: Report,
  ours: NodeProcess,
  users: readonly User[],
  settings: Record<string, string>,
): Promise<void> {
  const second = new NodeProcess(
    'dist/apps/api/src/start.js',
    { ...settings, JOBS_IN_PROCESS: 'false' },
    await freePort(),
  );
  await second.start();
  try {
    const ms = report.size(ROUND_MS, 300);
    const request = (index: number): Buffer =>
      httpRequest('GET', '/api/v1/auth/me', { Authorization: `Bearer ${users[index % users.length]?.token}` });
    const gains: number[] = [];
    for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
      const one = await measure(ours.port, 16, ms, request);
      const [first, other] = await Promise.all(
        [ours, second].map(({ port }, node) => measure(port, 8, ms, (index) => request(index + 8 * node))),
      );
      if (round > 0) gains.push(((first?.perSecond ?? 0) + (other?.perSecond ?? 0)) / one.perSecond);
    }
    report.min('GET /auth/me, 16 connections, two processes times one', median(gains), GATES.nodes);
  } finally {
    await second.kill('SIGTERM');
  }
}

async function reads(report: Report, ours: NodeProcess, database: Client): Promise<void> {
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
  for (const [name, path] of Object.entries(paths)) {
    const times: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
      for (const [which, data] of [
        ['few', few],
        ['many', many],
      ] as const) {
        let turn = 0;
        const headers = { Authorization: `Bearer ${data.user.token}` };
        const rate = await measure(ours.port, 1, report.size(ROUND_MS / 3, 200), () =>
          httpRequest('GET', path(data, turn++), headers),
        );
        if (round > 0) times[which].push(rate.p50);
      }
    }
    const peer = { name: 'of 1,000 records', value: median(times.few) };
    const growth = { unit: 'ms', peer };
    report.max(`${name} of 100,000 records, p50`, median(times.many), GATES.growth * peer.value, growth);
  }
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
