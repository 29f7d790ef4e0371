import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Environment } from '@adiuva/config';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { BlobConfig, Database, dataSourceOptions, migrate, ObjectDeletion, S3BlobStore } from '@adiuva/platform';
import { ReleasedObjectCleaner, StorageConfig } from '@adiuva/storage';
import { sweep } from '../../apps/cli/src/sweep.command';
import { ENTITIES } from '../../ormconfig';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { ageOrphans } from '../support/builders/orphans';
import { sha256, Writer, type ChaosUser } from './writer';

const CHAOS_MS = 45_000;
const MEBIBYTE = 1024 * 1024;
const KINDS = ['down', 'slow', 'cut', 'damaged', 'answer_lost', 'silent'] as const;

/** Invariants I1 to I6 while nodes are killed, the bucket misbehaves and the database crashes; the clients' ledgers are the judge. */
export async function chaos(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adiuva-chaos-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  const source = await new DataSource(dataSourceOptions(postgres.url, ENTITIES, 4)).initialize();
  await migrate(source, postgres.url);
  const database = new Database(source);
  const s3 = await new FakeS3().start();
  const settings = {
    ENV: 'test',
    LOG_LEVEL: 'error',
    LLM_PROVIDER: 'offline',
    DATA_DIR: folder,
    DATABASE_URL: postgres.url,
    JOBS_IN_PROCESS: 'false',
    RATE_LIMIT_TEAM: '100000000',
    RATE_LIMIT_PRO: '100000000',
    REGISTER_LIMIT_PER_ADDRESS: '100000',
    ...s3.settings,
    BLOB_RELEASE_SECONDS: '0',
    BLOB_ORPHAN_MINUTES: '0',
  };
  const nodes = [await node(settings), await node(settings)];
  const environment = new Environment(settings);
  const housekeeping = { environment, database, source };
  try {
    await quotaEdge(nodes, database);
    await oneWinner(nodes, database);
    await steadyMemory(nodes, database);
    await storm(nodes, database, s3, folder);
    await sweepEnds(housekeeping, s3);
  } finally {
    for (const each of nodes) await each.kill();
    await source.destroy().catch(() => undefined);
    await postgres.stop();
    await s3.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** 1 MB left, 50 uploads of 400 KB concurrently on two nodes: two fit. */
async function quotaEdge(nodes: readonly NodeProcess[], database: Database): Promise<void> {
  const user = await newUser(nodes[0], database, 'pro');
  await database.query('INSERT INTO storage_usage (user_id, position, records_bytes) VALUES ($1, 1, 4999000000)', [
    user.id,
  ]);
  const outcomes = new Map<string, number>();
  const store = async (index: number): Promise<void> => {
    const answer = await upload(nodes[index % 2], user, randomBytes(400_000));
    // A busy server may refuse for now; that must have no effect.
    const retryAfter = Number(answer.headers.get('retry-after'));
    const { code = '' } = (await answer.json()) as { code?: string };
    const outcome = `${answer.status} ${code}`.trim();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (answer.status !== 503 || retryAfter <= 0) return;
    await pause(retryAfter * 1_000);
    return store(index);
  };
  await Promise.all(Array.from({ length: 50 }, (_, index) => store(index)));
  const counted = [...outcomes].sort().map(([outcome, times]) => `${times} x ${outcome}`);
  demand(
    outcomes.get('201') === 2 && outcomes.get('402 quota_exceeded') === 48,
    `quota edge on two nodes: ${counted.join(', ')}`,
  );
}

/** 20 PUTs with the same If-Match on two nodes: one wins. */
async function oneWinner(nodes: readonly NodeProcess[], database: Database): Promise<void> {
  const user = await newUser(nodes[0], database);
  const { id } = (await (await upload(nodes[0], user, randomBytes(100))).json()) as { id: string };
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const bytes = randomBytes(100);
      const answer = await fetch(`${nodes[index % 2]?.url}/api/v1/storage/records/${id}`, {
        method: 'PUT',
        headers: { ...headers(user, bytes), 'If-Match': '"1"' },
        body: new Uint8Array(bytes),
      });
      return answer.status;
    }),
  );
  const won = statuses.filter((status) => status === 200).length;
  const lost = statuses.filter((status) => status === 412).length;
  demand(won === 1 && lost === 19, `20 PUTs with one If-Match on two nodes: ${won} won, ${lost} lost`);
}

/** 25 MiB records up and down, four at a time: the node's memory settles. */
async function steadyMemory(nodes: readonly NodeProcess[], database: Database): Promise<void> {
  const [server] = nodes;
  const user = await newUser(server, database);
  const bytes = randomBytes(25 * MEBIBYTE);
  const peaks: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, residentBytes(server?.pid ?? 0))), 50);
    const exchange = async (): Promise<void> => {
      const made = await upload(server, user, bytes);
      const { id } = (await made.json()) as { id: string };
      const path = `${server?.url}/api/v1/storage/records/${id}`;
      const back = await fetch(path, { headers: { Authorization: `Bearer ${user.token}` } });
      demandQuietly(
        sha256(new Uint8Array(await back.arrayBuffer())) === sha256(bytes),
        'a large record came back changed',
      );
      await fetch(path, { method: 'DELETE', headers: { Authorization: `Bearer ${user.token}` } });
    };
    await Promise.all([exchange(), exchange(), exchange(), exchange()]);
    clearInterval(timer);
    peaks.push(Math.round(peak / MEBIBYTE));
  }
  const growth = (peaks.at(-1) ?? 0) - (peaks[1] ?? 0);
  demand(
    growth < 64,
    `25 MiB records, 4 at a time: peaks of ${peaks.join(', ')} MiB resident; growth after the second round ${growth} MiB`,
  );
}

async function storm(nodes: readonly NodeProcess[], database: Database, s3: FakeS3, folder: string): Promise<void> {
  const users = await Promise.all(Array.from({ length: 4 }, () => newUser(nodes[0], database)));
  const crews = users.map((user) => ({
    user,
    writers: Array.from({ length: 5 }, () => new Writer(user, () => nodes[randomInt(2)]?.url ?? '')),
    seen: new Map<string, number>(),
  }));
  let raging = true;
  const end = Date.now() + CHAOS_MS;
  const work = crews.flatMap(({ writers }) =>
    writers.map(async (writer) => {
      while (raging) await writer.step();
    }),
  );
  const restarts: string[] = [];
  const counted = new Map<string, number>();
  const count = (name: string): void => void counted.set(name, (counted.get(name) ?? 0) + 1);
  while (Date.now() < end) {
    const dice = randomInt(10);
    if (dice < 4) {
      const server = nodes[randomInt(2)];
      count('kill -9 of a node');
      await server?.kill();
      const seconds = ((await server?.start()) ?? 0) / 1_000;
      restarts.push(`${seconds.toFixed(1)} s (${server?.cpuSeconds.toFixed(1)} s CPU)`);
    } else if (dice < 5) {
      count('crash of the database');
      crashDatabase(folder);
      await pause(3_000);
    } else {
      const kind = KINDS[randomInt(KINDS.length)] ?? 'down';
      count(`bucket ${kind}`);
      s3.suffer({ kind, ms: 300 });
      await pause(1_500 + randomInt(1_500));
      s3.heal();
      await pause(500);
    }
  }
  raging = false;
  s3.heal();
  await Promise.all(work);
  for (const each of nodes) await ready(each);
  print(
    `storm: ${[...counted].map(([name, times]) => `${times} x ${name}`).join(', ')}; restarts ${restarts.join(', ')}`,
  );
  for (const crew of crews) await judge(crew, database);
}

/** The ledgers against what the server holds, once it is quiet. */
async function judge(
  { user, writers }: { user: ChaosUser; writers: readonly Writer[] },
  database: Database,
): Promise<void> {
  const [speaker] = writers;
  if (!speaker) return;
  for (const writer of writers) for (const id of writer.states.keys()) await writer.look(id);
  const faults = writers.flatMap((writer) => writer.faults);
  const unsettled = writers.flatMap((writer) => [...writer.states].filter(([, states]) => states.length > 1));
  const shown = new Map<string, number>();
  const versions = new Set<string>();
  for (let cursor = '0'; ;) {
    const page = JSON.parse(
      (await speaker.call('GET', `/storage/changes?limit=1000&cursor=${cursor}`)).bytes.toString(),
    ) as Feed;
    for (const change of page.changes) {
      if (change.version !== (shown.get(change.id) ?? 0) + 1)
        faults.push(`I4: ${change.id} goes from ${shown.get(change.id)} to ${change.version}`);
      shown.set(change.id, change.version);
      versions.add(`${change.id} ${change.version} ${change.deleted}`);
    }
    cursor = page.cursor;
    if (!page.has_more) break;
  }
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const missing = acknowledged.filter(({ id, version, deleted }) => !versions.has(`${id} ${version} ${deleted}`));
  if (missing.length > 0) faults.push(`I4: ${missing.length} acknowledged changes are not in the feed`);
  const [sum] = await database.query<{ bytes: string; count: string }>(
    'SELECT coalesce(sum(size_bytes), 0) AS bytes, count(*) AS count FROM records WHERE user_id = $1 AND deleted_at IS NULL',
    [user.id],
  );
  const { records } = JSON.parse((await speaker.call('GET', '/storage/usage')).bytes.toString()) as {
    records: { bytes: number; count: number };
  };
  if (records.bytes !== Number(sum?.bytes) || records.count !== Number(sum?.count))
    faults.push('I5: usage is not the sum of what is stored');
  const outcomes = new Map<string, number>();
  for (const writer of writers)
    for (const [name, times] of writer.outcomes) outcomes.set(name, (outcomes.get(name) ?? 0) + times);
  print(
    `  a user: ${acknowledged.length} acknowledged writes; ${[...outcomes]
      .sort()
      .map(([name, times]) => `${name} x ${times}`)
      .join(', ')}`,
  );
  demand(
    faults.length === 0 && unsettled.length === 0,
    `I1 to I5: ${faults.length} faults, ${unsettled.length} unsettled${faults
      .slice(0, 5)
      .map((fault) => `\n    ${fault}`)
      .join('')}`,
  );
}

/** I6: after the release and the sweep, the bucket holds exactly the objects that rows name. */
async function sweepEnds(
  { environment, database, source }: { environment: Environment; database: Database; source: DataSource },
  s3: FakeS3,
): Promise<void> {
  const options = new BlobConfig(environment).s3;
  if (!options) throw new Error('no bucket');
  const blobs = new S3BlobStore(options);
  const config = new StorageConfig(environment);
  const released = await new ReleasedObjectCleaner(database, new ObjectDeletion(source, blobs), config).run();
  await sweep(environment, { remove: true, force: true });
  await ageOrphans(database);
  const swept = await sweep(environment, { remove: true, force: true });
  const rows = await database.query<{ object_key: string }>('SELECT object_key FROM records WHERE deleted_at IS NULL');
  const named = new Set(rows.map((row) => row.object_key));
  const left = [...s3.bucket.objects.keys()].filter((key) => !key.startsWith('installation/'));
  const equal = left.length === named.size && left.every((key) => named.has(key));
  demand(equal, `I6: ${left.length} objects, ${named.size} rows, after ${released} released objects; ${swept}`);
}

interface Feed {
  readonly changes: readonly { readonly id: string; readonly version: number; readonly deleted: boolean }[];
  readonly cursor: string;
  readonly has_more: boolean;
}

async function node(settings: Record<string, string>): Promise<NodeProcess> {
  const server = new NodeProcess('dist/apps/api/src/start.js', settings, await freePort());
  await server.start();
  return server;
}

async function ready(server: NodeProcess): Promise<void> {
  const begun = Date.now();
  while (
    !(await fetch(`${server.url}/api/v1/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() - begun > 15_000) throw new Error('a node does not recover');
    await pause(100);
  }
}

async function newUser(server: NodeProcess | undefined, database: Database, tier = 'team'): Promise<ChaosUser> {
  const answer = await fetch(`${server?.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const [, claims = ''] = token.split('.');
  const { sub: id } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
  await database.query(
    'INSERT INTO entitlements (user_id, tier) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier',
    [id, tier],
  );
  return { id, token };
}

function upload(server: NodeProcess | undefined, user: ChaosUser, bytes: Buffer): Promise<Response> {
  return fetch(`${server?.url}/api/v1/storage/records`, {
    method: 'POST',
    headers: { ...headers(user, bytes), 'X-Table': 'notes' },
    body: new Uint8Array(bytes),
  });
}

function headers(user: ChaosUser, bytes: Buffer): Record<string, string> {
  return {
    Authorization: `Bearer ${user.token}`,
    'Content-Type': 'application/octet-stream',
    'X-Checksum': sha256(bytes),
  };
}

/** Kills PostgreSQL's postmaster as a crash would; its supervisor starts it again. */
function crashDatabase(folder: string): void {
  const [pid] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

function demand(holds: boolean, what: string): void {
  print(`${holds ? 'holds ' : 'BROKEN'} ${what}`);
  if (!holds) throw new Error(what);
}

function demandQuietly(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
