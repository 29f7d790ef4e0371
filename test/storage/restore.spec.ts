import { Database } from '@adiuva/platform';
import { putBackup } from '../backup/backup-client';
import { TestApp } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

describe('after a restore of an older database', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  const database = (): Database => app.nest.get(Database);
  /** As a dump that was restored into other tables leaves the row. */
  const restored = () => database().query(`UPDATE installation SET incarnation = 'elsewhere'`);

  it('a cursor of before is 410, one from the beginning is not, and the next ones hold again', async () => {
    const records = new RecordClient(app, await app.user('team'));
    await records.made();
    const { cursor } = await records.feed();
    expect((await records.changes({ cursor })).status).toBe(200);
    await restored();
    expect((await records.changes({ cursor })).body).toMatchObject({ status: 410, code: 'cursor_expired' });
    const again = await records.feed();
    expect(again.changes).toHaveLength(1);
    expect((await records.changes({ cursor: again.cursor })).status).toBe(200);
    expect((await records.changes({ cursor: '1' })).body.code).toBe('cursor_expired');
  });

  it('a cursor of the vectors is 410 as well', async () => {
    const user = await app.user('team');
    const upsert = (id: string) =>
      app
        .call('post', '/storage/vectors/upsert', user)
        .send({ vectors: [{ id, ...contentOf(cipher()) }] })
        .expect(200);
    const changes = (cursor?: string) => app.call('get', '/storage/vectors/changes', user).query({ cursor });
    await upsert('a');
    const { cursor } = (await changes()).body;
    expect((await changes(cursor)).status).toBe(200);
    await restored();
    expect((await changes(cursor)).body).toMatchObject({ status: 410, code: 'cursor_expired' });
    expect((await changes()).body.changes).toHaveLength(1);
  });

  it('no version is used again for other bytes, so If-Match and If-None-Match of before match nothing', async () => {
    const records = new RecordClient(app, await app.user('team'));
    const { id } = await records.made();
    // What the restore undoes: version 2 was acknowledged to a client.
    await restored();
    await records.changes();
    const { body } = await records.put(id, cipher());
    expect(body.version).toBeGreaterThan(65_536);
    expect((await records.put(id, cipher(), '"2"')).status).toBe(412);
    expect((await records.get(id, { 'If-None-Match': '"2"' })).status).toBe(200);
    expect((await records.put(id, cipher())).body.version).toBe(body.version + 1);
    expect((await records.made()).version).toBeGreaterThan(100);
  });

  it('If-Modified-Since of before hides no backup', async () => {
    const user = await app.user('team');
    await putBackup(app, user, cipher()).expect(200);
    const { headers } = await app.call('get', '/backup', user).expect(200);
    const since = (date: string | undefined) => app.call('get', '/backup', user).set('If-Modified-Since', date ?? '');
    await since(headers['last-modified']).expect(304);
    await database().query(`UPDATE backup_vaults SET changed_at = changed_at - interval '1 hour' WHERE user_id = $1`, [
      user.id,
    ]);
    await database().query(`UPDATE installation SET restored_at = now() + interval '2 seconds'`);
    await since(headers['last-modified']).expect(200);
  });

  it('a record id of another user is as free as any', async () => {
    const [one, two] = [new RecordClient(app, await app.user('team')), new RecordClient(app, await app.user('team'))];
    const { id } = await one.made();
    expect((await two.create(cipher(), { id })).status).toBe(201);
    const { id: other } = await one.made();
    const { body } = await two.batch([{ op: 'create', id: other, table: 'notes', ...contentOf(cipher()) }]);
    expect(body.results[0].status).toBe(201);
  });
});
