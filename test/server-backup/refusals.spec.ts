import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Client } from 'pg';
import { ConfigurationError, type Environment } from '@adiuva/config';
import { DiskBlobStore, type BlobKey } from '@adiuva/platform';
import { makeBackup, ServerRestore } from '@adiuva/server-backup';
import { backupServer, verifyBackup } from '../../apps/cli/src/backup.command';
import { restoreServer } from '../../apps/cli/src/restore.command';
import { putBackup } from '../backup/backup-client';
import { RecordClient } from '../storage/record-client';
import { Drill, PASSPHRASE } from './drill';

/** Stops working after some objects. */
class FailingStore extends DiskBlobStore {
  constructor(
    dataDir: string,
    private left: number,
  ) {
    super({ root: join(dataDir, 'blobs'), fsync: false });
  }

  override open(key: BlobKey): Promise<Readable> {
    this.count();
    return super.open(key);
  }

  override put(...parameters: Parameters<DiskBlobStore['put']>): ReturnType<DiskBlobStore['put']> {
    this.count();
    return super.put(...parameters);
  }

  private count(): void {
    this.left -= 1;
    if (this.left < 0) throw new Error('the store is down');
  }
}

describe('a backup of the server', () => {
  let drill: Drill;
  let path: string;
  let records: RecordClient;
  const made: string[] = [];
  beforeAll(async () => {
    drill = await Drill.start();
    const user = await drill.app.user('team');
    records = new RecordClient(drill.app, user);
    for (let i = 0; i < 5; i += 1) made.push((await records.made()).id);
    await putBackup(drill.app, user, Buffer.alloc(3_000_000, 7)).expect(200);
    path = drill.path();
    await backupServer(drill.environment, path);
  });
  afterAll(() => drill.stop());

  const dataDirOf = (environment: Environment): string => environment.raw('DATA_DIR', {}) ?? '';
  const source = (store: DiskBlobStore, release = '0.1.0') => ({
    databaseUrl: drill.app.database.url,
    blobs: store,
    secrets: { MASTER_KEY: readFileSync(join(drill.app.dataDir, 'secrets/master-key'), 'utf8') },
    release,
  });
  /** The backup with one of its files changed for as long as `work` takes. */
  async function changed(name: string, change: (bytes: Buffer) => Buffer | null, work: () => Promise<unknown>) {
    const file = join(path, name);
    const bytes = readFileSync(file);
    const other = change(bytes);
    if (other) writeFileSync(file, other);
    else rmSync(file);
    await work().finally(() => writeFileSync(file, bytes));
  }
  const flipped = (bytes: Buffer): Buffer => {
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(40) ^ 1, 40);
    return other;
  };

  it('is whole, as a command finds', async () => {
    expect(await verifyBackup(drill.environment, path)).toMatch(/is whole: \d+ rows of \d+ tables and 6 objects/);
  });

  it('is not written over another one, nor over other files, nor into DATA_DIR', async () => {
    await expect(backupServer(drill.environment, path)).rejects.toThrow(/has a backup already/);
    const other = drill.path();
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), 'dear anna');
    await expect(backupServer(drill.environment, other)).rejects.toThrow(/is not empty/);
    await expect(backupServer(drill.environment, join(drill.app.dataDir, 'backup'))).rejects.toThrow(/inside DATA_DIR/);
  });

  it('is not made of a blob store that is not there, such as a volume that is not mounted', async () => {
    const [dataDir, target] = [drill.path(), drill.path()];
    cpSync(join(drill.app.dataDir, 'secrets'), join(dataDir, 'secrets'), { recursive: true });
    await expect(backupServer(drill.environment.with({ DATA_DIR: dataDir }), target)).rejects.toThrow(
      /has lost the marker of installation/,
    );
    expect(existsSync(target)).toBe(false);
  });

  it('is not made without a passphrase, or with a short one', async () => {
    const without = drill.environment.with({ BACKUP_PASSPHRASE: undefined });
    await expect(backupServer(without, drill.path())).rejects.toThrow(ConfigurationError);
    const short = drill.environment.with({ BACKUP_PASSPHRASE: 'geese' });
    await expect(backupServer(short, drill.path())).rejects.toThrow(/shorter than 12/);
  });

  it('is opened by its passphrase alone', async () => {
    const target = (await drill.target()).with({ BACKUP_PASSPHRASE: 'ten geese cross the frozen lake' });
    await expect(restoreServer(target, path)).rejects.toThrow(/passphrase is not that of this backup/);
    expect(existsSync(dataDirOf(target))).toBe(false);
  });

  it('is refused where a file of it was changed, cut or removed, and nothing of it becomes a server', async () => {
    const objects = `objects/${readdirSync(join(path, 'objects'))[0]}`;
    const users = 'database/public.users.part';
    const verified = () => verifyBackup(drill.environment, path);
    await changed(
      'manifest.json',
      (bytes) => Buffer.from(bytes.toString().replace('"0.1.0"', '"0.1.1"')),
      async () => {
        await expect(verified()).rejects.toThrow(/its files were changed/);
      },
    );
    await changed(objects, flipped, () => expect(verified()).rejects.toThrow(/is damaged/));
    await changed(
      objects,
      (bytes) => bytes.subarray(1),
      () => expect(verified()).rejects.toThrow(/instead of/),
    );
    await changed(
      objects,
      () => null,
      () => expect(verified()).rejects.toThrow(/is missing/),
    );
    const target = await drill.target();
    await changed(users, flipped, () => expect(restoreServer(target, path)).rejects.toThrow());
    await expect(drill.startOn(target)).rejects.toThrow(ConfigurationError);
  });

  it('is not restored over data, nor where a server runs', async () => {
    await expect(restoreServer(drill.environment, path)).rejects.toThrow(/A server runs on this database/);
    const filled = await drill.target();
    await restoreServer(filled, path);
    await expect(restoreServer(filled, path)).rejects.toThrow(/The database is not empty/);
    const beside = (await drill.target()).with({ DATA_DIR: dataDirOf(filled) });
    await expect(restoreServer(beside, path)).rejects.toThrow(/blob store is not empty/);
  });

  it('is not restored beside a MASTER_KEY that cannot open it', async () => {
    const target = (await drill.target()).with({ MASTER_KEY: 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@' });
    await expect(restoreServer(target, path)).rejects.toThrow(/MASTER_KEY is not that of the backup/);
    expect(existsSync(join(dataDirOf(target), 'blobs'))).toBe(false);
  });

  it('of a later version is refused by the name of what is missing', async () => {
    const url = drill.app.database.url;
    const client = new Client({ connectionString: url });
    await client.connect();
    const later = drill.path();
    try {
      await client.query(`INSERT INTO migrations ("timestamp", name) VALUES (9999999999999, 'Later9999999999999')`);
      await makeBackup(source(new FailingStore(drill.app.dataDir, 1_000)), later, PASSPHRASE);
    } finally {
      await client.query(`DELETE FROM migrations WHERE name = 'Later9999999999999'`);
      await client.end();
    }
    await expect(restoreServer(await drill.target(), later)).rejects.toThrow(/does not know the migration Later9999/);
  });

  it('that was interrupted is not restored, and is continued by the next call', async () => {
    const unfinished = drill.path();
    await expect(makeBackup(source(new FailingStore(drill.app.dataDir, 3)), unfinished, PASSPHRASE)).rejects.toThrow(
      /store is down/,
    );
    await expect(restoreServer(await drill.target(), unfinished)).rejects.toThrow(/has an unfinished backup/);
    await expect(
      makeBackup(source(new FailingStore(drill.app.dataDir, 9), '0.2.0'), unfinished, PASSPHRASE),
    ).rejects.toThrow(/of another server or version/);
    const { continued } = await makeBackup(source(new FailingStore(drill.app.dataDir, 1_000)), unfinished, PASSPHRASE);
    expect(continued).toBe(true);
    expect(await verifyBackup(drill.environment, unfinished)).toMatch(/6 objects/);
  });

  it('whose restore was interrupted lets no server start before the restore is repeated', async () => {
    const target = await drill.target();
    const restore = await ServerRestore.open(path, PASSPHRASE);
    const databaseUrl = target.raw('DATABASE_URL', {}) ?? '';
    for (const objects of [5, 4, 3, 2, 1, 0]) {
      await restore.begin({ databaseUrl, blobs: new FailingStore(dataDirOf(target), 1_000) });
      const blobs = new FailingStore(dataDirOf(target), objects);
      await expect(restore.run({ databaseUrl, blobs })).rejects.toThrow(/store is down/);
    }
    const secrets = join(dataDirOf(target), 'secrets');
    cpSync(join(drill.app.dataDir, 'secrets'), secrets, { recursive: true });
    await expect(drill.startOn(target)).rejects.toThrow(ConfigurationError);
    await restoreServer(target, path);
    const restored = await drill.startOn(target);
    const found = new RecordClient(restored, records.user);
    for (const id of made) expect((await found.get(id)).status).toBe(200);
  });
});
