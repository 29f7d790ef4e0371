import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiskBlobStore, ObjectDeletion, safeKey, type BlobEntry } from '@adiuva/platform';
import { makeBackup } from '@adiuva/server-backup';
import { ReleasedObjectCleaner } from '@adiuva/storage';
import { backupServer } from '../../apps/cli/src/backup.command';
import { restoreServer } from '../../apps/cli/src/restore.command';
import { begun, bytesOf, cut, putBackup, putChunk } from '../backup/backup-client';
import { cipher, contentOf, RecordClient, type KnownRecord } from '../storage/record-client';
import type { TestApp, TestUser } from '../support/app';
import { Drill, PASSPHRASE } from './drill';

const CHUNK = 5 * 1024 * 1024;

/** Does something between the snapshot of the database and the copy of the objects. */
class EventfulStore extends DiskBlobStore {
  constructor(
    dataDir: string,
    private readonly event: () => Promise<void>,
  ) {
    super({ root: join(dataDir, 'blobs'), fsync: false });
  }

  override async *list(prefix: string): AsyncIterable<BlobEntry> {
    await this.event();
    yield* super.list(prefix);
  }
}

describe('a server that was restored from a backup', () => {
  let drill: Drill;
  let app: TestApp;
  let restored: TestApp;
  let user: TestUser;
  let admin: TestUser;
  let saved: Saved;
  /** Cursors of the feed: before the backup, and after changes that it does not have. */
  let cursors: { before: string; ahead: string };

  beforeAll(async () => {
    drill = await Drill.start();
    app = drill.app;
    [user, admin] = [await app.user('team'), await app.admin()];
    const records = new RecordClient(app, user);
    saved = await save(app, user, records);
    const { cursor: before } = await records.feed();
    const path = drill.path();
    await backUp(drill, path, async () => {
      const [, replaced, deleted] = saved.records;
      expect((await records.put(replaced.id, cipher())).status).toBe(200);
      expect((await records.remove(deleted.id)).status).toBe(200);
      await records.made();
      await app.call('delete', `/goals/${saved.goal}`, user).expect(204);
      await app.nest.get(ReleasedObjectCleaner).run();
      cursors = { before, ahead: (await records.feed()).cursor };
    });
    const target = await drill.target();
    await restoreServer(target, path);
    restored = await drill.startOn(target);
  });
  afterAll(() => drill.stop());

  it('has every record of before the backup, whatever was replaced, deleted and written while it was made', async () => {
    const records = new RecordClient(restored, user);
    for (const { id, bytes, version } of saved.records) {
      const response = await records.get(id);
      expect(response.status).toBe(200);
      expect(response.body).toEqual(bytes);
      expect(response.headers['etag']).toBe(`"${version}"`);
    }
  });

  it('answers 410 to cursors of before, and shows what it has from the beginning', async () => {
    const records = new RecordClient(restored, user);
    for (const cursor of Object.values(cursors))
      expect((await records.changes({ cursor })).body).toMatchObject({ status: 410, code: 'cursor_expired' });
    const shown = (await records.feed()).changes.map(({ id }) => id);
    expect(shown.sort()).toEqual(saved.records.map(({ id }) => id).sort());
  });

  it('has the accounts and sessions of before', async () => {
    await restored.call('post', '/auth/refresh').send({ refresh_token: user.refreshToken }).expect(200);
    await restored.call('post', '/auth/login').send({ email: user.email, password: user.password }).expect(200);
  });

  it('has the backups, vectors, goals and usage of before', async () => {
    const download = await bytesOf(restored.call('get', `/backup/${saved.backup.id}`, user)).expect(200);
    expect(download.body).toEqual(saved.backup.bytes);
    const feed = (await restored.call('get', '/storage/vectors/changes', user).expect(200)).body;
    expect(feed.changes).toMatchObject([{ id: 'a' }]);
    expect((await restored.call('get', `/goals/${saved.goal}`, user).expect(200)).body).toMatchObject({
      title: 'Owls',
    });
    expect((await restored.call('get', '/storage/usage', user).expect(200)).body).toEqual(saved.usage);
  });

  it('takes the chunks of an upload in progress again, of which a backup has no parts', async () => {
    const { id, chunks } = saved.upload;
    const { body } = await restored.call('get', `/backup/uploads/${id}`, user).expect(200);
    expect(body.missing).toEqual([0, 1]);
    for (const [number, chunk] of chunks.entries()) await putChunk(restored, user, id, number, chunk).expect(200);
    await restored.call('post', `/backup/uploads/${id}/complete`, user).expect(200);
  });

  it('has the restore in its audit log, whose chain is whole', async () => {
    expect(await actions(restored, admin)).toContain('server.restored');
    const report = await restored.call('get', '/admin/audit/verification', admin).expect(200);
    expect(report.body.fault).toBeNull();
  });

  it('deletes no object while a backup is made, and says when to try again', async () => {
    const deletion = drill.app.nest.get(ObjectDeletion);
    const store = new DiskBlobStore({ root: join(drill.app.dataDir, 'blobs') });
    const keys = [await objectOf(store)];
    await backUp(drill, drill.path(), async () => {
      expect(await deletion.tryDelete(keys)).toBe(false);
      await expect(deletion.delete(keys)).rejects.toMatchObject({ code: 'unavailable' });
    });
    expect(await deletion.tryDelete(keys)).toBe(true);
  });

  it('is backed up in files in which nothing is readable but names and numbers, and into the audit log', async () => {
    const path = drill.path();
    await backupServer(drill.environment, path);
    expect(await actions(app, admin)).toContain('server.backed_up');
    const master = readFileSync(join(drill.app.dataDir, 'secrets/master-key'));
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name));
      for (const secret of [master, Buffer.from(user.email), Buffer.from(user.id), Buffer.from(PASSPHRASE)])
        expect(bytes.includes(secret)).toBe(false);
    }
  });
});

interface Saved {
  readonly records: readonly [KnownRecord, KnownRecord, KnownRecord];
  readonly backup: { readonly id: string; readonly bytes: Buffer };
  readonly goal: string;
  readonly upload: { readonly id: string; readonly chunks: readonly Buffer[] };
  readonly usage: object;
}

/** Something of every kind. */
async function save(app: TestApp, user: TestUser, records: RecordClient): Promise<Saved> {
  const made = [await records.made(), await records.made(), await records.made()] as const;
  const bytes = randomBytes(2_000_000);
  const { id: backup } = (await putBackup(app, user, bytes).expect(200)).body;
  const vector = { id: 'a', ...contentOf(cipher()) };
  await app
    .call('post', '/storage/vectors/upsert', user)
    .send({ vectors: [vector] })
    .expect(200);
  const fields = { title: 'Owls', instructions: 'list my tasks', agent: 'task_agent' };
  const { id: goal } = (await app.call('post', '/goals', user).send(fields).expect(201)).body;
  const whole = randomBytes(CHUNK + 1_000);
  const chunks = cut(whole, CHUNK);
  const upload = await begun(app, user, whole, CHUNK);
  await putChunk(app, user, upload, 0, chunks[0] ?? Buffer.alloc(0)).expect(200);
  const usage = (await app.call('get', '/storage/usage', user).expect(200)).body;
  return { records: made, backup: { id: backup, bytes }, goal, upload: { id: upload, chunks }, usage };
}

async function actions(app: TestApp, admin: TestUser): Promise<string[]> {
  const { body } = await app.call('get', '/admin/audit', admin).expect(200);
  return body.events.map(({ action }: { action: string }) => action);
}

async function objectOf(store: DiskBlobStore) {
  const key = safeKey(randomUUID(), 'notes', randomUUID());
  await store.put(key, Buffer.from('opaque'), { maxBytes: 6 });
  return key;
}

async function backUp(drill: Drill, path: string, event: () => Promise<void>): Promise<void> {
  const { dataDir, database } = drill.app;
  const secrets = {
    MASTER_KEY: readFileSync(join(dataDir, 'secrets/master-key'), 'utf8'),
    JWT_SECRET: readFileSync(join(dataDir, 'secrets/jwt-secret'), 'utf8'),
  };
  const blobs = new EventfulStore(dataDir, event);
  await makeBackup({ databaseUrl: database.url, blobs, secrets, release: '0.1.0' }, path, PASSPHRASE);
}
