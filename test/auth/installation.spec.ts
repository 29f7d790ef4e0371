import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Installation } from '@adiuva/auth';
import { ConfigurationError } from '@adiuva/config';
import { BlobStore, DiskBlobStore, parseKey, safeKey } from '@adiuva/platform';
import { PASSWORD, TestApp } from '../support/app';
import { testDatabase, type TestDatabase } from '../support/database';
import { Program } from '../support/processes/server-process';

const MASTER_KEY = 'kJ8-vQ2_xW5+zR7~bN4.mT6!hY9?cL3@';
const NEXT_KEY = '3Lc?9Yh!6Tm.4Nb~7Rz+5Wx_2Qv-8Jk@';

describe('an installation', () => {
  let folder: string;
  let database: TestDatabase;
  const opened: TestDatabase[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adiuva-installation-'));
    database = await newDatabase();
  });
  afterEach(async () => {
    for (const made of opened.splice(0)) await made.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function newDatabase(): Promise<TestDatabase> {
    const made = await testDatabase();
    opened.push(made);
    return made;
  }

  const start = (settings: Record<string, string> = {}): Promise<TestApp> =>
    TestApp.start({ MASTER_KEY, DATA_DIR: folder, DATABASE_URL: database.url, ...settings });

  const refusal = async (settings: Record<string, string> = {}): Promise<string> => {
    const outcome: unknown = await start(settings).then(
      (app) => app.stop().then(() => 'it has started'),
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(ConfigurationError);
    return String(outcome);
  };

  async function filled(): Promise<void> {
    const app = await start();
    const user = await app.user();
    await putObject(app, user.id);
    await app.stop();
  }

  async function putObject(app: TestApp, owner: string): Promise<void> {
    const bytes = Buffer.from('opaque');
    await app.nest.get(BlobStore).put(safeKey(owner, 'notes', owner), bytes, { maxBytes: bytes.length });
  }

  async function removeMarker(): Promise<void> {
    const store = new DiskBlobStore({ root: join(folder, 'blobs') });
    for await (const { key } of store.list('installation/')) await store.delete([parseKey(key)]);
  }

  async function sql(text: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('starts again on its own database and blob store, with several nodes at a time', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.stop(), two.stop()]);
    await (await start()).stop();
    expect(await sql('SELECT marked FROM installation')).toEqual([{ marked: true }]);
  });

  it('refuses the blob store of another installation, and says how it can be adopted', async () => {
    await filled();
    const first = database;
    database = await newDatabase();
    expect(await refusal()).toContain('admin -- installation adopt');
    const adopted = await Program.start('apps/cli/src/main.ts', ['admin', 'installation', 'adopt'], {
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      MASTER_KEY,
    }).ended;
    expect(adopted).toEqual({ code: 0, output: expect.stringContaining('belongs to installation') });
    await (await start()).stop();
    database = first;
    expect(await refusal()).toContain('belongs to installation');
  });

  it('refuses a database that has another identity than the blob store beside it', async () => {
    await filled();
    await sql(`UPDATE installation SET id = gen_random_uuid()`);
    expect(await refusal()).toContain('MASTER_KEY');
  });

  it('refuses a blob store that is empty although it was marked', async () => {
    await filled();
    rmSync(join(folder, 'blobs'), { recursive: true, force: true });
    expect(await refusal()).toContain('has lost the marker');
  });

  it('gives an identity to a database and blob store from before there were identities', async () => {
    await filled();
    await sql('DELETE FROM installation');
    await removeMarker();
    await (await start()).stop();
    expect(await sql('SELECT marked FROM installation')).toEqual([{ marked: true }]);
  });

  it('refuses objects without a marker whose owners the database does not know', async () => {
    const app = await start();
    await app.user();
    await putObject(app, 'a3c1f9d2-7b64-4e0a-9a57-1f2e3d4c5b6a');
    await app.stop();
    await sql('DELETE FROM installation');
    await removeMarker();
    expect(await refusal()).toContain('objects that this database does not know');
  });

  it('notices before a sweep that the blob store was replaced while the server runs', async () => {
    const app = await start();
    const installation = app.nest.get(Installation);
    await installation.assertMatching();
    await removeMarker();
    await expect(installation.assertMatching()).rejects.toThrow('has lost the marker');
    await app.stop();
  });

  it('has one epoch over restarts, and another one after a dump was restored or an older copy put in place', async () => {
    const first = await start();
    const epoch = await first.nest.get(Installation).epoch();
    await first.stop();
    const second = await start();
    expect(await second.nest.get(Installation).epoch()).toBe(epoch);

    await sql('CREATE TABLE copy AS SELECT * FROM installation; TRUNCATE installation');
    await sql('INSERT INTO installation SELECT * FROM copy; DROP TABLE copy');
    const restored = await second.nest.get(Installation).epoch();
    expect(restored).not.toBe(epoch);
    await second.stop();

    await sql('UPDATE installation SET generation = 0');
    const third = await start();
    expect([epoch, restored]).not.toContain(await third.nest.get(Installation).epoch());
    await third.stop();
  });

  it('refuses another MASTER_KEY, and a secrets folder that was lost', async () => {
    const app = await start({ MASTER_KEY: '' });
    await app.stop();
    expect(await refusal()).toContain('MASTER_KEY: is not the key');
    rmSync(join(folder, 'secrets', 'master-key'));
    expect(await refusal({ MASTER_KEY: '' })).toContain('DATA_DIR/secrets/master-key');
  });

  it('keeps every account through a change of MASTER_KEY, before, during and after the keys are wrapped again', async () => {
    const before = await start();
    const user = await before.user();
    const salt = async (app: TestApp): Promise<unknown> =>
      (await app.call('get', `/auth/prelogin?email=${encodeURIComponent(user.email)}`).expect(200)).body.salt;
    const firstSalt = await salt(before);
    await before.stop();

    const during = await start({ MASTER_KEY: NEXT_KEY, MASTER_KEY_PREVIOUS: MASTER_KEY });
    await worksFor(during, user.email);
    const newcomer = await during.user();
    const rewrap = await Program.start('apps/cli/src/main.ts', ['admin', 'rewrap-keys'], {
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      MASTER_KEY: NEXT_KEY,
      MASTER_KEY_PREVIOUS: MASTER_KEY,
    }).ended;
    expect(rewrap).toEqual({ code: 0, output: expect.stringContaining('Wrapped 1 keys under MASTER_KEY; 1 were') });
    await worksFor(during, user.email);
    await during.stop();

    const after = await start({ MASTER_KEY: NEXT_KEY });
    await worksFor(after, user.email);
    await worksFor(after, newcomer.email);
    expect(await salt(after)).toBe(firstSalt);
    await after.stop();
    expect(await refusal()).toContain('MASTER_KEY: is not the key');
  });

  async function worksFor(app: TestApp, email: string): Promise<void> {
    const { body } = await app.call('post', '/auth/login').send({ email, password: PASSWORD }).expect(200);
    const me = await app.call('get', '/auth/me', { accessToken: body.access_token }).expect(200);
    expect(me.body.email).toBe(email);
    await app.call('post', '/auth/register').send({ email, password: PASSWORD }).expect(409);
  }
});
