import { randomBytes, randomUUID } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

const MIB = 1024 * 1024;

describe('a batch of reads', () => {
  let app: TestApp;
  let user: TestUser;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start({ SYNC_LIMIT_MIB: '48' });
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    user = await app.user('pro');
    records = new RecordClient(app, user);
  });

  const read = (ids: readonly string[], as: TestUser = user) =>
    app.call('post', '/storage/records/batch-read', as).send({ ids });

  it('gives the bytes of each record in the order of the ids, and 404 for those of nobody or of another user', async () => {
    const [first, second] = [await records.made(), await records.made(cipher(), 'tasks')];
    const foreign = await new RecordClient(app, await app.user('pro')).made();
    const missing = randomUUID();
    const { body } = await read([second.id, missing, first.id, foreign.id]).expect(200);
    expect(body).toEqual({
      records: [
        {
          id: second.id,
          table: 'tasks',
          version: 1,
          checksum: checksumOf(second.bytes),
          blob: second.bytes.toString('base64'),
        },
        { id: missing, status: 404, code: 'not_found' },
        {
          id: first.id,
          table: 'notes',
          version: 1,
          checksum: checksumOf(first.bytes),
          blob: first.bytes.toString('base64'),
        },
        { id: foreign.id, status: 404, code: 'not_found' },
      ],
      rest: [],
    });
  });

  it('gives at most 8 MiB together and names the ids that did not fit; one that never fits is 413', async () => {
    const sizes = [3, 9, 3, 3, 1];
    const made = [];
    for (const size of sizes) made.push(await records.made(randomBytes(size * MIB)));
    const ids = made.map(({ id }) => id);
    const { body } = await read(ids).expect(200);
    expect(body.records.map(({ id, status }: { id: string; status?: number }) => [id, status])).toEqual([
      [ids[0], undefined],
      [ids[1], 413],
      [ids[2], undefined],
    ]);
    expect(body.rest).toEqual(ids.slice(3));
  });

  it('is refused with no ids, with more than 100, and with what is no id', async () => {
    await read([]).expect(400);
    await read(Array.from({ length: 101 }, () => randomUUID())).expect(400);
    await read(['../x']).expect(400);
  });

  it('says 502 for a record whose stored bytes are damaged, and gives the others', async () => {
    const [good, bad] = [await records.made(), await records.made()];
    await app.nest
      .get(Database)
      .query(`UPDATE records SET checksum = '\\x00' WHERE user_id = $1 AND id = $2`, [user.id, bad.id]);
    const { body } = await read([bad.id, good.id]).expect(200);
    expect(body.records.map(({ status }: { status?: number }) => status)).toEqual([502, undefined]);
  });

  it('counts by bytes against the budget of sync traffic, and not against the requests a minute', async () => {
    const { id } = await records.made(randomBytes(7 * MIB));
    const before = await app.call('get', '/storage/usage', user);
    const first = await read([id]).expect(200);
    expect(first.headers['ratelimit-limit']).toBe(String(48 * 1024));
    let status = 200;
    for (let i = 0; i < 10 && status === 200; i += 1) ({ status } = await read([id]));
    expect(status).toBe(429);
    const after = await app.call('get', '/storage/usage', user);
    expect(Number(before.headers['ratelimit-remaining']) - Number(after.headers['ratelimit-remaining'])).toBe(1);
  });
});

describe('the change feed with blobs', () => {
  let app: TestApp;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start();
    records = new RecordClient(app, await app.user('pro'));
  });
  afterAll(() => app.stop());

  it('has the bytes of small current versions, and nothing for large, overwritten and deleted ones', async () => {
    const small = await records.made(randomBytes(16 * 1024));
    await records.made(randomBytes(16 * 1024 + 1));
    const overwritten = await records.made();
    const next = cipher();
    await records.put(overwritten.id, next);
    const gone = await records.made();
    await records.remove(gone.id);
    const { body } = await records.changes({ include: 'blobs', limit: 100 });
    expect(body.changes.map(({ blob }: { blob?: string }) => blob)).toEqual([
      small.bytes.toString('base64'),
      undefined,
      undefined,
      next.toString('base64'),
      undefined,
      undefined,
    ]);
    expect((await records.changes({ limit: 100 })).body.changes.some((change: object) => 'blob' in change)).toBe(false);
    expect((await records.changes({ include: 'everything' })).status).toBe(400);
  });

  it('returns the tombstone that the client gave with a deletion, in a batch and alone', async () => {
    const [alone, inBatch] = [await records.made(), await records.made()];
    const { cursor } = await records.feed();
    const tombstone = randomBytes(64).toString('base64');
    const user = records.user;
    await app.call('delete', `/storage/records/${alone.id}`, user).set('X-Tombstone', tombstone).expect(200);
    await app.call('delete', `/storage/records/${alone.id}`, user).set('X-Tombstone', '!').expect(400);
    const { body } = await records.batch([
      { op: 'delete', id: inBatch.id, tombstone },
      { op: 'delete', id: inBatch.id, tombstone: randomBytes(257).toString('base64') },
      { op: 'create', table: 'notes', tombstone, ...contentOf(cipher()) },
    ]);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([200, 400, 400]);
    const { changes } = (await records.changes({ cursor })).body;
    expect(changes).toMatchObject([
      { id: alone.id, deleted: true, tombstone },
      { id: inBatch.id, deleted: true, tombstone },
    ]);
  });
});
