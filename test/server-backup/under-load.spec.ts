import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { backupServer } from '../../apps/cli/src/backup.command';
import { restoreServer } from '../../apps/cli/src/restore.command';
import { eventually, TestApp } from '../support/app';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/database';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import { PASSPHRASE } from './drill';
import { DrillDevice } from './drill-device';
import { DrillShop } from './drill-shop';
import { DrillUser, type BackupTime } from './drill-user';

const MAX_BACKUP_BYTES = 200_000;
const PLUGINS = 3;

/** A database and a bucket, until they are destroyed. */
class Place {
  private constructor(
    readonly settings: Record<string, string>,
    private readonly database: TestDatabase,
    private readonly s3: FakeS3,
  ) {}

  static async make(database: TestDatabase, dataDir: string): Promise<Place> {
    const s3 = await new FakeS3().start();
    const settings = {
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      ...s3.settings,
      // Users, server, bucket and backup are one process.
      S3_TIMEOUT_MS: '60000',
    };
    return new Place(settings, database, s3);
  }

  get environment(): Environment {
    const settings = { ENV: 'test', LOG_LEVEL: 'error', DATABASE_POOL: '4', LLM_PROVIDER: 'offline' };
    return new Environment({ ...settings, ...this.settings, BACKUP_PASSPHRASE: PASSPHRASE });
  }

  async destroy(): Promise<void> {
    await this.database.drop();
    await this.s3.stop();
  }
}

describe('a server that is backed up while users work, destroyed and restored', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adiuva-under-load-'));
  const users: DrillUser[] = [];
  const cursors: string[] = [];
  let app: TestApp;
  let target: Place;
  let shop: DrillShop;
  let device: DrillDevice;
  let time: BackupTime;

  beforeAll(async () => {
    const place = await Place.make(await testDatabase(), join(folder, 'one'));
    target = await Place.make(await emptyDatabase(), join(folder, 'two'));
    shop = await DrillShop.open();
    app = await serve(place);
    const query = (sql: string, values: readonly unknown[] = []) => app.nest.get(Database).query<never>(sql, values);
    const plugins = await shop.plugins(app.url, query, PLUGINS);
    for (let at = 0; at < 2; at += 1) users.push(await DrillUser.register(() => app.url, MAX_BACKUP_BYTES));
    device = await DrillDevice.signUp(app.url);
    for (const { id } of [...users, device]) await shop.subscribe(id);
    await device.subscribed();
    let isOver = false;
    const work = [...users.map((user) => user.work(plugins, () => isOver)), device.work(() => isOver)];
    const count = () => Math.min(...users.flatMap(({ writes, runs }) => [writes.length, runs.length]));
    await eventually(() => count() >= 2);
    await backupServer(place.environment, join(folder, 'backup'));
    const manifest: { snapshotAt: string } = JSON.parse(readFileSync(join(folder, 'backup/manifest.json'), 'utf8'));
    time = { snapshotAt: Date.parse(manifest.snapshotAt), endedAt: Date.now() };
    const before = count();
    await eventually(() => count() >= before + 2);
    isOver = true;
    await Promise.all(work);
    for (const user of users) cursors.push(await user.cursor());
    await app.stop();
    await place.destroy();
    await restoreServer(target.environment, join(folder, 'backup'));
    app = await serve(target);
  });
  afterAll(async () => {
    device.close();
    await app.stop();
    await shop.close();
    await target.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve({ settings }: Place): Promise<TestApp> {
    const server = await TestApp.start({
      ...settings,
      ...shop.settings,
      BLOB_RELEASE_SECONDS: '0',
      DATABASE_POOL: '12',
    });
    shop.connect(server.url);
    await server.startJobs();
    await server.startRuns();
    return server;
  }

  it('refuses no request of a user while it is backed up', () => {
    expect(users.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('has all that users were told to be stored before the backup, and the state after one change, not a mixture', async () => {
    for (const [at, user] of users.entries()) expect(await user.compare(time, cursors[at] ?? '')).toEqual([]);
  });

  it('gets from a device what was written after the backup', async () => {
    expect(await device.lostNotes(app.url)).toBe(0);
  });
});
