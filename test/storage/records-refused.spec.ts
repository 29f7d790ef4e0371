import { randomUUID } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { checksumOf } from '@adiuva/kernel';
import { BlobStore, Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

describe('records that cannot be taken', () => {
  let app: TestApp;
  let user: TestUser;
  let records: RecordClient;
  /** Stopped at the very end, since nodes of one process share their sign-in strategy. */
  const besides: TestApp[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(async () => {
    for (const node of besides) await node.stop();
    await app.stop();
  });
  beforeEach(async () => {
    user = await app.user('pro');
    records = new RecordClient(app, user);
  });

  async function objectsOf(owner: TestUser): Promise<number> {
    let objects = 0;
    for await (const entry of app.nest.get(BlobStore).list(`${owner.id}/`)) objects += entry.size >= 0 ? 1 : 0;
    return objects;
  }

  it('are 503 while the folder of the blobs is gone, readiness says so, and it is not made again', async () => {
    const { id, bytes } = await records.made();
    const [folder, away] = [join(app.dataDir, 'blobs'), join(app.dataDir, 'blobs-away')];
    await rename(folder, away);
    const refused = await records.create(cipher());
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    const ready = await app.call('get', '/health/ready');
    expect([ready.status, ready.body.checks.blobs]).toEqual([503, 'down']);
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(away, folder);
    await eventually(async () => (await records.create(cipher())).status === 201);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('leave nothing behind when their checksum is wrong', async () => {
    const wrong = { checksum: checksumOf(cipher()) };
    expect((await records.create(cipher(), wrong)).body).toMatchObject({ status: 400, code: 'checksum_mismatch' });
    expect((await records.stream(cipher(200_000), { 'X-Checksum': wrong.checksum })).body).toMatchObject({
      code: 'checksum_mismatch',
    });
    const { id, bytes } = await records.made();
    const put = await app.call('put', `/storage/records/${id}`, user).send({ ...contentOf(cipher()), ...wrong });
    expect(put.body.code).toBe('checksum_mismatch');
    expect((await records.get(id)).body).toEqual(bytes);
    expect((await records.usage()).body.records).toEqual({ bytes: bytes.length, count: 1 });
    expect(await objectsOf(user)).toBe(1);
    expect((await records.feed()).changes).toHaveLength(1);
  });

  it.each([
    ['Notes'],
    ['1notes'],
    ['_notes'],
    ['no-tes'],
    ['a/b'],
    ['..'],
    ['../x'],
    ['notes\u0000'],
    ['notes\n'],
    ['nötes'],
    [''],
    ['a'.repeat(64)],
    [7],
    [null],
    [['notes']],
    [{ $ne: 1 }],
  ])('are refused for the table %j', async (table) => {
    const answer = await records.create(cipher(), { table });
    expect(answer.status).toBe(400);
    expect(['validation_failed', 'malformed_request']).toContain(answer.body.code);
    if (typeof table === 'string' && /^[\x20-\x7e]+$/.test(table)) {
      expect((await records.stream(cipher(), { 'X-Table': table })).body.code).toBe('validation_failed');
      expect((await records.list({ table })).status).toBe(400);
      expect((await records.changes({ table })).status).toBe(400);
    }
  });

  it('take the longest table name', async () => {
    const table = `a${'z9_'.repeat(20)}_9`;
    expect(table).toHaveLength(63);
    expect((await records.create(cipher(), { table })).status).toBe(201);
  });

  it.each(['..', '%2e%2e%2fetc', 'x', '00000000-0000-0000-0000-00000000000G', `${'a'.repeat(2_000)}`, "1' OR '1'='1"])(
    'do not exist under the id %s',
    async (id) => {
      for (const method of ['get', 'delete'] as const) {
        expect((await app.call(method, `/storage/records/${encodeURIComponent(id)}`, user)).status).toBe(404);
      }
      expect((await records.create(cipher(), { id })).body.code).toBe('validation_failed');
    },
  );

  it.each([
    ['not base64', { blob: 'a b=' }],
    ['the URL alphabet', { blob: '-_-_' }],
    ['missing padding', { blob: 'YQ' }],
    ['bits behind the padding', { blob: 'YR==' }],
    ['no text', { blob: 7 }],
    ['no blob', { blob: undefined }],
    ['no checksum', { checksum: undefined }],
    ['an upper-case checksum', { checksum: checksumOf(Buffer.alloc(0)).toUpperCase() }],
    ['an unknown member', { colour: 'red' }],
    ['an id that is none', { id: 'x' }],
  ])('are refused with %s', async (_, extra) => {
    const answer = await records.create(Buffer.alloc(0), extra);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(answer.body.errors[0]).toEqual({ field: expect.any(String), message: expect.any(String) });
  });

  it('are refused in another media type, compressed, or without headers', async () => {
    const call = () => app.call('post', '/storage/records', user);
    expect((await call().set('Content-Type', 'text/plain').send('x')).status).toBe(415);
    expect((await records.stream(cipher(), { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect((await call().set('Content-Type', 'application/octet-stream').send(cipher())).body.code).toBe(
      'validation_failed',
    );
    expect((await call()).status).toBe(400);
  });

  it('need a paid tier, which is said before the body is read', async () => {
    const free = await app.user('free');
    const stranger = new RecordClient(app, free);
    const answers = [
      await stranger.create(cipher()),
      await stranger.stream(cipher()),
      await stranger.batch([]),
      await stranger.list(),
    ];
    answers.push(
      await stranger.put(randomUUID(), cipher()),
      await stranger.changes(),
      await stranger.remove(randomUUID()),
    );
    for (const answer of answers)
      expect(answer.body).toMatchObject({ status: 402, code: 'upgrade_required', required_tier: 'pro' });
    expect((await stranger.usage()).body).toMatchObject({ records: { bytes: 0, count: 0 }, limit_bytes: 0 });
    expect(await unread(free, 20_000_000)).toMatchObject({ status: 402, code: 'upgrade_required' });
  });

  it('stay readable and deletable for who leaves a paid tier', async () => {
    const { id, bytes } = await records.made();
    await app.setTier(user.id, 'free');
    expect((await records.get(id)).body).toEqual(bytes);
    expect((await records.feed()).changes).toHaveLength(1);
    expect((await records.put(id, cipher())).status).toBe(402);
    expect((await records.remove(id)).status).toBe(200);
    expect((await records.list()).status).toBe(402);
  });

  it('are refused when too large, before the body is read', async () => {
    expect(await unread(user, 26_214_401)).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(await unread(user, 60_000_000, 'application/json')).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('are refused when too large although nobody announced it', async () => {
    const small = await TestApp.start({ RECORD_MAX_BYTES: '100000' }, app);
    besides.push(small);
    const refused = await new Promise<number>((resolve, reject) => {
      const call = httpRequest(`${small.url}/api/v1/storage/records`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${user.accessToken}`,
          'content-type': 'application/octet-stream',
          'x-table': 'notes',
          'x-checksum': checksumOf(cipher()),
        },
      });
      call.on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      call.on('error', reject);
      call.write(cipher(60_000));
      call.end(cipher(60_000));
    });
    expect(refused).toBe(413);
    const exact = cipher(100_000);
    expect((await new RecordClient(small, user).stream(exact)).status).toBe(201);
  });

  it('take exactly the room that is left, on two nodes at once, and leave no object behind', async () => {
    const second = await TestApp.start({}, app);
    besides.push(second);
    const full = 5_000_000_000 - 1_000_000;
    await app.nest
      .get(Database)
      .query('INSERT INTO storage_usage (user_id, position, records_bytes) VALUES ($1, 1, $2)', [user.id, full]);
    const clients = [records, new RecordClient(second, user)];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (clients[index % 2] ?? records).stream(cipher(400_000))),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 201, ...Array.from({ length: 48 }, () => 402)]);
    const refused = answers.find((answer) => answer.status === 402);
    expect(refused?.body).toMatchObject({
      code: 'quota_exceeded',
      limit_bytes: 5_000_000_000,
      used_bytes: expect.any(Number),
    });
    expect((await records.usage()).body.records).toEqual({ bytes: full + 800_000, count: 2 });
    expect(await objectsOf(user)).toBe(2);
    expect((await records.feed()).changes).toHaveLength(2);
  });

  it('keep their old bytes when there is no room for the new ones', async () => {
    const { id, bytes } = await records.made();
    await app.nest
      .get(Database)
      .query('UPDATE storage_usage SET records_bytes = 4999999000 WHERE user_id = $1', [user.id]);
    const put = await records.put(id, cipher(1_201));
    expect(put.body).toMatchObject({ status: 402, code: 'quota_exceeded', used_bytes: 4_999_999_000 });
    expect((await records.get(id)).body).toEqual(bytes);
    expect((await records.put(id, cipher(1_200))).status).toBe(200);
    expect(await objectsOf(user)).toBe(2);
  });

  it('leave nothing behind when the client breaks off in the middle', async () => {
    const sent = cipher(300_000);
    await new Promise<void>((resolve) => {
      const call = httpRequest(`${app.url}/api/v1/storage/records`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${user.accessToken}`,
          'content-type': 'application/octet-stream',
          'content-length': 1_000_000,
          'x-table': 'notes',
          'x-checksum': checksumOf(sent),
        },
      });
      call.on('error', () => resolve());
      call.on('close', () => resolve());
      call.write(sent, () => call.destroy());
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await objectsOf(user)).toBe(0);
    expect((await records.usage()).body).toMatchObject({ records: { bytes: 0, count: 0 } });
  });

  /** Announces a body, sends none of it, and tells how it is answered all the same. */
  function unread(
    who: TestUser,
    length: number,
    type = 'application/octet-stream',
  ): Promise<{ status: number; code: string }> {
    return new Promise((resolve, reject) => {
      const call = httpRequest(`${app.url}/api/v1/storage/records`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${who.accessToken}`,
          'content-type': type,
          'content-length': length,
          'x-table': 'notes',
          'x-checksum': checksumOf(cipher()),
        },
      });
      call.on('response', (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += String(chunk)));
        answer.on('end', () => {
          resolve(JSON.parse(text));
          call.destroy();
        });
      });
      call.on('error', reject);
      call.flushHeaders();
    });
  }
});
