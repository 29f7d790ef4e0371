import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { DrillDevice } from '../server-backup/drill-device';
import { DrillShop } from '../server-backup/drill-shop';
import { DrillUser, type BackupTime } from '../server-backup/drill-user';
import { eventually } from '../support/app';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/database';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { Program } from '../support/processes/server-process';
import { demand, print } from './cluster';

const USERS = 6;
const PLUGINS = 12;
/** More than one pack of a backup, so that a killed one has something to continue. */
const BACKUP_BYTES = 8_000_000;
const BACKUPS_BEFORE = 3;
const AFTER_MS = 3_000;
const CLI = 'dist/apps/cli/src/main.js';
const PASSPHRASE = 'nine geese cross the frozen lake';

type Settings = Record<string, string>;

/** Where a server has its data, so that it can be destroyed. */
interface Place {
  readonly name: string;
  readonly nodes: number;
  readonly settings: Settings;
  /** How many objects the blob store has. */
  readonly objects: () => number;
  readonly databaseUrl: () => Promise<string>;
  readonly destroy: () => Promise<void>;
}

/**
 * `npm run test:chaos -- restore`: users work while a backup is made, which is killed with -9 and continued; the server is destroyed; the
 * restore is killed with -9 and continued; and each user compares the restored server with a ledger. Embedded, and on a given PostgreSQL with S3.
 */
export async function chaos(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'adiuva-restore-'));
  await setUp();
  try {
    await drill(embedded(join(folder, 'embedded')), embedded(join(folder, 'embedded-restored')), folder);
    await drill(await given(join(folder, 'given')), await given(join(folder, 'given-restored'), true), folder);
  } finally {
    await tearDown();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function drill(place: Place, target: Place, folder: string): Promise<void> {
  const shop = await DrillShop.open();
  const ports = await Promise.all(Array.from({ length: place.nodes }, freePort));
  let nodes = await start(place, shop, ports);
  let turn = 0;
  const urlOf = () => nodes[(turn += 1) % nodes.length]?.url ?? '';
  shop.connect(urlOf());
  const sql = new Client({ connectionString: await place.databaseUrl() });
  sql.on('error', () => undefined);
  await sql.connect();
  const plugins = await shop.plugins(
    urlOf(),
    async (text, values) => (await sql.query(text, [...(values ?? [])])).rows,
    PLUGINS,
  );
  const users: DrillUser[] = [];
  for (let at = 0; at < USERS; at += 1) users.push(await DrillUser.register(urlOf, BACKUP_BYTES));
  for (const { id } of users) await shop.subscribe(id);
  for (const user of users) for (let at = 0; at < BACKUPS_BEFORE; at += 1) await eventually(() => tried(user.backup()));
  const device = await DrillDevice.signUp(urlOf());
  await shop.subscribe(device.id);
  await device.subscribed();
  let isOver = false;
  const work = [...users.map((user) => user.work(plugins, () => isOver)), device.work(() => isOver)];
  await pause(1_000);
  const path = join(folder, `${place.name}-backup`);
  const time = await backUp(place, path);
  await pause(AFTER_MS);
  isOver = true;
  await Promise.all(work);
  const failures = users.flatMap((user) => user.failures);
  const cursors = await Promise.all(users.map((user) => user.cursor()));
  const objects = place.objects();
  await Promise.all(nodes.map((node) => node.kill()));
  await sql.end();
  await place.destroy();
  const restoreMs = await restore(target, path, time.objects);
  nodes = await start(target, shop, ports);
  try {
    const faults = await Promise.all(users.map((user, at) => user.compare(time, cursors[at] ?? '')));
    const lost = await device.lostNotes(urlOf());
    const sum = (of: (user: DrillUser) => number) => users.reduce((total, user) => total + of(user), 0);
    const figures = {
      users: USERS,
      writes: sum(({ writes }) => writes.length),
      backups: sum(({ backups }) => backups.length),
      runs: sum(({ runs }) => runs.length),
      purchases: sum(({ purchases }) => purchases.length),
      objects,
      backup_ms: time.endedAt - time.startedAt,
      restore_ms: restoreMs,
    };
    print(`${place.name}: ${JSON.stringify(figures)}`);
    demand(failures.length === 0, `requests failed while the backup was made: ${failures.slice(0, 3).join('; ')}`);
    demand(faults.flat().length === 0, `the restored server differs: ${faults.flat().slice(0, 5).join('; ')}`);
    demand(lost === 0, `${lost} notes of a device are lost`);
  } finally {
    device.close();
    await Promise.all(nodes.map((node) => node.kill()));
    await shop.close();
    await target.destroy();
  }
}

/** Killed with -9 after its first pack of objects, and continued. */
async function backUp(
  place: Place,
  path: string,
): Promise<BackupTime & { readonly startedAt: number; readonly objects: number }> {
  const startedAt = Date.now();
  const first = command(place, 'backup', path);
  const packs = join(path, 'objects');
  await killWhen(first, () => existsSync(packs) && readdirSync(packs).some((name) => name.endsWith('.index')));
  const report = await completed(command(place, 'backup', path));
  demand(report.includes('Continued and finished'), `the killed backup was not continued: ${report}`);
  const endedAt = Date.now();
  const whole = await completed(command(place, 'backup', 'verify', path));
  const { snapshotAt } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as { snapshotAt: string };
  const [, objects] = / and (\d+) objects/.exec(whole) ?? [];
  return { startedAt, snapshotAt: Date.parse(snapshotAt), endedAt, objects: Number(objects) };
}

/** Killed with -9 after a third of the objects and again in the middle of the rows, and continued. */
async function restore(target: Place, path: string, objects: number): Promise<number> {
  const startedAt = Date.now();
  for (const share of [0.3, 0.9]) {
    const killed = command(target, 'restore', path);
    await killWhen(killed, () => target.objects() > objects * share);
  }
  await completed(command(target, 'restore', path));
  return Date.now() - startedAt;
}

function command({ settings }: Place, ...words: readonly string[]): Program {
  return Program.start(CLI, words, { ...settings, BACKUP_PASSPHRASE: PASSPHRASE });
}

async function killWhen(program: Program, holds: () => boolean): Promise<void> {
  while (!holds()) {
    demand(program.child.exitCode === null, `it has ended before it was killed: ${program.output}`);
    await pause(2);
  }
  program.child.kill('SIGKILL');
  const { code } = await program.ended;
  demand(code === null, 'it has ended before it was killed');
}

async function completed(program: Program): Promise<string> {
  const { code, output } = await program.ended;
  demand(code === 0, `the command has failed: ${output}`);
  return output;
}

async function start(place: Place, shop: DrillShop, ports: readonly number[]): Promise<readonly NodeProcess[]> {
  const settings = { ...place.settings, ...shop.settings };
  const nodes = ports.map((port) => new NodeProcess('dist/apps/api/src/start.js', settings, port));
  // One after the other: the first makes the installation.
  for (const node of nodes) await node.start();
  return nodes;
}

const COMMON: Settings = {
  ENV: 'test',
  LOG_LEVEL: 'error',
  LLM_PROVIDER: 'offline',
  DATABASE_POOL: '8',
  BLOB_RELEASE_SECONDS: '0',
  RATE_LIMIT_TEAM: '1000000',
  RATE_LIMIT_FREE: '1000000',
  REGISTER_LIMIT_PER_ADDRESS: '100000',
};

function embedded(dataDir: string): Place {
  const databaseUrl = async () => (await connectEmbeddedPostgres(dataDir)) ?? '';
  return {
    name: 'embedded',
    nodes: 1,
    settings: { ...COMMON, DATA_DIR: dataDir },
    objects: () => filesIn(join(dataDir, 'blobs')),
    databaseUrl,
    destroy: async () => {
      // The database ends by itself when its server was killed.
      await eventually(async () => (await databaseUrl()) === '');
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function given(dataDir: string, isTarget = false): Promise<Place> {
  const database: TestDatabase = await (isTarget ? emptyDatabase() : testDatabase());
  const s3 = await new FakeS3().start();
  return {
    name: 'given PostgreSQL and S3',
    nodes: 2,
    settings: {
      ...COMMON,
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      ...s3.settings,
    },
    objects: () => s3.bucket.objects.size,
    databaseUrl: () => Promise.resolve(database.url),
    destroy: async () => {
      await database.drop();
      await s3.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function filesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function tried(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
