import { randomBytes } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { BackupTrash, BackupMaintenance } from '@adiuva/backup';
import { BlobStore, Database, safeKey } from '@adiuva/platform';
import { Readable } from 'node:stream';
import { ageOrphans } from '../support/builders/orphans';
import { eventually, type TestApp, type TestUser } from '../support/app';
import { begin, bytesOf, putBackup, putChunk, sendPart, stored } from './backup-client';
import { age, objectsOf, startOn, stopWithStore, STORES, unfinishedOf } from './stores';

const DAY_MS = 86_400_000;

describe.each(STORES)('the trash, on %s', (store) => {
  let app: TestApp;
  let user: TestUser;

  beforeAll(async () => {
    app = await startOn(store);
    await app.startJobs();
  });
  afterAll(() => stopWithStore(app));
  beforeEach(async () => {
    user = await app.user('pro');
  });

  const history = async (query = ''): Promise<{ id: string; purge_at?: number }[]> =>
    (await app.call('get', `/backup/history${query}`, user).expect(200)).body;
  const usage = async () => {
    const [row] = await app.nest
      .get(Database)
      .query<{ bytes: string; count: string }>(
        'SELECT backups_bytes AS bytes, backups_count AS count FROM storage_usage WHERE user_id = $1',
        [user.id],
      );
    return { bytes: Number(row?.bytes), count: Number(row?.count) };
  };

  it('keeps a deleted backup for 7 days, hidden and counted, and gives it back', async () => {
    const bytes = randomBytes(1_000);
    const id = await stored(app, user, bytes);
    const { body } = await app.call('delete', `/backup/${id}`, user).expect(200);
    expect(body).toEqual({ ok: true, purge_at: expect.any(Number) });
    expect(Math.abs(body.purge_at - Date.now() - 7 * DAY_MS)).toBeLessThan(60_000);
    expect((await app.call('delete', `/backup/${id}`, user).expect(200)).body).toEqual(body);
    await app.call('get', `/backup/${id}`, user).expect(404);
    await app.call('get', '/backup', user).expect(404);
    expect(await history()).toEqual([]);
    expect(await history('?trash=true')).toMatchObject([{ id, purge_at: body.purge_at }]);
    expect(await usage()).toEqual({ bytes: 1_000, count: 1 });
    expect((await app.call('post', `/backup/${id}/restore`, user).expect(200)).body).toEqual({
      ok: true,
      purge_at: null,
    });
    expect((await bytesOf(app.call('get', '/backup', user)).expect(200)).body.equals(bytes)).toBe(true);
    expect(await history('?trash=true')).toEqual([]);
  });

  it('is passed by with the password alone', async () => {
    const id = await stored(app, user);
    const purge = (password: string) => app.call('delete', `/backup/${id}`, user).send({ password });
    expect((await purge('not the password').expect(401)).body).toMatchObject({ code: 'invalid_credentials' });
    expect(await history()).toHaveLength(1);
    await app.call('delete', `/backup/${id}`, user).expect(200);
    const { body } = await purge(user.password).expect(200);
    expect(Math.abs(body.purge_at - Date.now())).toBeLessThan(60_000);
    expect(await usage()).toEqual({ bytes: 0, count: 0 });
    expect(await history('?trash=true')).toEqual([]);
    await app.call('post', `/backup/${id}/restore`, user).expect(404);
    await eventually(async () => (await objectsOf(app)).every((file) => !file.includes(id)));
  });

  it('keeps what is deleted with a null password, which is one that is not given', async () => {
    const id = await stored(app, user);
    await app.call('delete', `/backup/${id}`, user).send({ password: null }).expect(200);
    expect(await history('?trash=true')).toMatchObject([{ id }]);
  });

  it('is emptied of what has been in it long enough, and of nothing else', async () => {
    const old = await stored(app, user);
    const young = await stored(app, user);
    const live = await stored(app, user);
    for (const id of [old, young]) await app.call('delete', `/backup/${id}`, user).expect(200);
    await app.nest
      .get(Database)
      .query(`UPDATE backups SET purge_at = now() - interval '1 second' WHERE id = $1`, [old]);
    await app.nest.get(BackupTrash).purgeExpired();
    expect((await history('?trash=true')).map(({ id }) => id)).toEqual([young]);
    expect((await history()).map(({ id }) => id)).toEqual([live]);
    expect(await usage()).toEqual({ bytes: 2_000, count: 2 });
    await eventually(async () => (await objectsOf(app)).every((file) => !file.includes(old)));
  });

  it('takes what a retention rule lets go, after a dry run that changes nothing', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.unshift(await stored(app, user));
    expect((await app.call('get', '/backup/retention', user).expect(200)).body).toEqual({
      keep_last: 0,
      keep_daily: 0,
      keep_weekly: 0,
      keep_monthly: 0,
    });
    const preview = await app
      .call('post', '/backup/retention/preview', user)
      .send({ keep_last: 2, keep_daily: 1 })
      .expect(200);
    expect(
      preview.body.keep.map((kept: { reasons: string[]; backup: { id: string } }) => [kept.backup.id, kept.reasons]),
    ).toEqual([
      [ids[0], ['last', 'daily']],
      [ids[1], ['last']],
    ]);
    expect(preview.body.drop.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(await history()).toHaveLength(4);
    await app.call('put', '/backup/retention', user).send({ keep_last: 2 }).expect(200);
    await eventually(async () => (await history()).length === 2);
    expect((await history('?trash=true')).map(({ id }) => id)).toEqual(ids.slice(2));
    await app.call('post', `/backup/${ids[3]}/restore`, user).expect(200);
    const newest = await stored(app, user);
    await eventually(async () => (await history()).length === 3);
    expect((await history()).map(({ id }) => id)).toEqual([newest, ids[0], ids[3]]);
    for (const wrong of [{ keep_last: -1 }, { keep_daily: 'x' }, { keep_last: 1.5 }, { keep_yearly: 1 }]) {
      await app.call('put', '/backup/retention', user).send(wrong).expect(400);
    }
  });

  it('leaves the good backup listed and restorable after 500 hostile uploads, deletes and truncations', async () => {
    const good = randomBytes(10_000);
    const id = await stored(app, user, good);
    const attacks = [
      () => putBackup(app, user, randomBytes(20), { 'X-Backup-Timestamp': '8640000000000000' }),
      () => putBackup(app, user, randomBytes(20), { 'X-Backup-Timestamp': '0' }),
      () => putBackup(app, user, randomBytes(20), { 'X-Backup-Checksum': checksumOf(good) }),
      () => sendPart(app, user, 5_000, randomBytes(100)),
      () => app.call('delete', `/backup/${id}`, user),
      () => app.call('delete', `/backup/${id}`, user).send({ password: 'a guess of the thief' }),
      () => begin(app, user, good, 10_000),
      async () => {
        const { body } = await begin(app, user, good, 5_000);
        await putChunk(app, user, body.id, 0, randomBytes(4_000));
        await app.call('post', `/backup/uploads/${body.id}/complete`, user);
        await app.call('delete', `/backup/uploads/${body.id}`, user);
      },
      () => app.call('put', '/backup/retention', user).send({ keep_last: 1 }),
      () => putBackup(app, user, good.subarray(0, 9_999), { 'X-Backup-Timestamp': String(Date.now() + DAY_MS) }),
    ];
    for (let round = 0; round < 50; round += 1) await Promise.all(attacks.map((attack) => attack()));
    const listed = [...(await history()), ...(await history('?trash=true'))];
    expect(listed.map((backup) => backup.id)).toContain(id);
    await app.call('put', '/backup/retention', user).send({}).expect(200);
    await app.call('post', `/backup/${id}/restore`, user).expect(200);
    expect((await history()).map((backup) => backup.id)).toContain(id);
    expect((await bytesOf(app.call('get', `/backup/${id}`, user)).expect(200)).body.equals(good)).toBe(true);
    expect(app.log.filter((line) => line.includes('"event":"bug"'))).toEqual([]);
  });

  it('and everything else goes with the account', async () => {
    await stored(app, user);
    const deleted = await stored(app, user);
    await app.call('delete', `/backup/${deleted}`, user).expect(200);
    const { body } = await begin(app, user, randomBytes(20), 10).expect(200);
    await putChunk(app, user, body.id, 0, randomBytes(10)).expect(200);
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(async () => (await objectsOf(app)).every((file) => !file.includes(`backups/${user.id}`)));
    expect((await unfinishedOf(app)).filter((name) => name.includes(body.id))).toEqual([]);
    for (const table of ['backups', 'backup_vaults', 'backup_uploads']) {
      expect(await app.nest.get(Database).query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [user.id])).toEqual([]);
    }
  });

  it('is not what the sweep empties: it deletes objects that no row has named for days', async () => {
    const id = await stored(app, user);
    const store = app.nest.get(BlobStore);
    const orphan = safeKey('backups', user.id, id, `whole.${'0'.repeat(16)}`);
    await store.put(orphan, Readable.from([Buffer.of(1)]), { maxBytes: 1 });
    await app.nest.get(BackupMaintenance).sweep();
    expect(await store.head(orphan)).not.toBeNull();
    await age(app);
    await app.nest.get(BackupMaintenance).sweep();
    expect(await store.head(orphan)).not.toBeNull();
    await ageOrphans(app.nest.get(Database));
    await app.nest.get(BackupMaintenance).sweep();
    expect(await store.head(orphan)).toBeNull();
    await bytesOf(app.call('get', `/backup/${id}`, user)).expect(200);
  });
});
