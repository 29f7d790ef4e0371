import { randomUUID } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { TestApp, type TestUser } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

describe('encrypted records', () => {
  let app: TestApp;
  let user: TestUser;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    user = await app.user('pro');
    records = new RecordClient(app, user);
  });

  it('are stored, read back byte for byte, replaced and deleted', async () => {
    const [first, second] = [cipher(), cipher(5_000)];
    const created = await records.create(first);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ id: expect.any(String), created_at: expect.any(Number), version: 1 });
    const { id } = created.body;
    const read = await records.get(id);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(first);
    expect(read.headers).toMatchObject({
      'x-checksum': checksumOf(first),
      etag: '"1"',
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      'content-length': String(first.length),
    });
    const replaced = await records.put(id, second);
    expect(replaced.status).toBe(200);
    expect(replaced.body).toEqual({ ok: true, version: 2, updated_at: expect.any(Number) });
    expect((await records.get(id)).body).toEqual(second);
    const removed = await records.remove(id);
    expect([removed.status, removed.body]).toEqual([200, { ok: true }]);
    expect((await records.get(id)).status).toBe(404);
    expect((await records.remove(id)).status).toBe(404);
    expect((await records.put(id, first)).status).toBe(404);
  });

  it('may be empty, and may have an id of the client’s', async () => {
    const id = randomUUID();
    const created = await records.create(Buffer.alloc(0), { id });
    expect([created.status, created.body.id]).toEqual([201, id]);
    const read = await records.get(id);
    expect([read.status, read.headers['content-length'], read.headers['x-checksum']]).toEqual([
      200,
      '0',
      checksumOf(Buffer.alloc(0)),
    ]);
    expect((await records.create(cipher(), { id })).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('go on counting versions when an id comes back after a deletion', async () => {
    const { id } = await records.made();
    await records.remove(id);
    expect((await records.create(cipher(), { id })).body).toMatchObject({ id, version: 3 });
    const { changes } = await records.feed();
    expect(changes.map(({ version, deleted }) => [version, deleted])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  it('can be streamed both ways without base64', async () => {
    const [first, second] = [cipher(3_000_000), cipher(6_000_000)];
    const created = await records.stream(first);
    expect([created.status, created.body.version]).toEqual([201, 1]);
    const put = await app
      .call('put', `/storage/records/${created.body.id}`, user)
      .set({ 'Content-Type': 'application/octet-stream', 'X-Checksum': checksumOf(second) })
      .send(second);
    expect([put.status, put.body.version]).toEqual([200, 2]);
    expect(checksumOf((await records.get(created.body.id)).body)).toBe(checksumOf(second));
  });

  it('are read in ranges, conditionally, and by HEAD', async () => {
    const { id, bytes } = await records.made(Buffer.from('0123456789'));
    const range = await records.get(id, { Range: 'bytes=2-4' });
    expect([range.status, range.body.toString(), range.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await records.get(id, { Range: 'bytes=-3' })).body.toString()).toBe('789');
    const beyond = await records.get(id, { Range: 'bytes=10-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */10']);
    expect((await records.get(id, { Range: 'bytes=2-4', 'If-Range': '"7"' })).body).toEqual(bytes);
    const known = await records.get(id, { 'If-None-Match': '"9", W/"1"' });
    expect([known.status, known.headers.etag]).toEqual([304, '"1"']);
    expect((await records.get(id, { 'If-None-Match': '"2"' })).status).toBe(200);
    expect((await records.get(id, { 'If-None-Match': '"9",'.repeat(1_000) })).status).toBe(200);
    const head = await app.call('head', `/storage/records/${id}`, user);
    expect([head.status, head.headers['content-length'], head.headers['x-checksum']]).toEqual([
      200,
      '10',
      checksumOf(bytes),
    ]);
  });

  it('are replaced and deleted only while they have the version that the client expects', async () => {
    const { id } = await records.made();
    expect((await records.put(id, cipher(), '"2"')).body).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await records.put(id, cipher(), 'W/"1"')).status).toBe(412);
    expect((await records.put(id, cipher(), '"1"')).body.version).toBe(2);
    expect((await records.put(id, cipher(), '2')).body.version).toBe(3);
    expect((await records.put(id, cipher(), '"1", "3"')).body.version).toBe(4);
    expect((await records.put(id, cipher(), '*')).body.version).toBe(5);
    expect((await records.put(id, cipher(), 'nonsense')).status).toBe(400);
    expect((await records.remove(id, '"4"')).status).toBe(412);
    expect((await records.remove(id, '"5"')).status).toBe(200);
  });

  it('let one of 20 parallel writers with the same If-Match through', async () => {
    const { id } = await records.made();
    const answers = await Promise.all(Array.from({ length: 20 }, () => records.put(id, cipher(), '"1"')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
    expect((await records.usage()).body.records).toEqual({ bytes: 200, count: 1 });
  });

  it('let every one of 20 parallel writers without a condition through, one after the other', async () => {
    const { id } = await records.made();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => records.put(id, cipher(100 + index))));
    expect(answers.map((answer) => answer.body.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 2),
    );
    const size = Number((await records.get(id)).headers['content-length']);
    expect((await records.usage()).body.records).toEqual({ bytes: size, count: 1 });
  });

  it('are listed in the order in which they were made, by table, in pages with their totals', async () => {
    const made = [];
    for (let index = 0; index < 7; index += 1) made.push(await records.made(cipher(), index % 2 ? 'tasks' : 'notes'));
    const all = await records.list();
    expect(all.body.map((record: { id: string }) => record.id)).toEqual(made.map((record) => record.id));
    expect(all.body[0]).toEqual({
      id: made[0]?.id,
      table: 'notes',
      checksum: checksumOf(made[0]?.bytes ?? Buffer.alloc(0)),
      version: 1,
      size_bytes: 200,
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    });
    expect(all.headers['x-total-count']).toBe('7');
    const page = await records.list({ table: 'notes', page: 2, limit: 3 });
    expect([page.body.map((record: { id: string }) => record.id), page.headers['x-total-count']]).toEqual([
      [made[6]?.id],
      '4',
    ]);
    expect(page.headers.link).toContain('</api/v1/storage/records?table=notes&page=1&limit=3>; rel="prev"');
    expect((await records.list({ page: 9 })).body).toEqual([]);
    expect((await records.list({ table: 'nothing' })).headers['x-total-count']).toBe('0');
  });

  it('are listed right through many pages with holes in them', async () => {
    const bytes = cipher(10);
    const operations = Array.from({ length: 450 }, () => ({ op: 'create', table: 'notes', ...contentOf(bytes) }));
    const ids: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const { body } = await records.batch(operations);
      ids.push(...body.results.map((result: { id: string }) => result.id));
    }
    const gone = ids.filter((_, index) => index % 3 === 0 || (index > 200 && index < 500));
    await records.batch(gone.slice(0, 400).map((id) => ({ op: 'delete', id })));
    await records.batch(gone.slice(400).map((id) => ({ op: 'delete', id })));
    const left = ids.filter((id) => !gone.includes(id));
    const seen: string[] = [];
    for (let page = 1; page <= Math.ceil(left.length / 70); page += 1) {
      const { body, headers } = await records.list({ page, limit: 70 });
      expect(headers['x-total-count']).toBe(String(left.length));
      seen.push(...body.map((record: { id: string }) => record.id));
    }
    expect(seen).toEqual(left);
  });

  it('of other users do not exist, whatever is tried', async () => {
    const { id } = await records.made();
    const stranger = new RecordClient(app, await app.user('power'));
    const missing = randomUUID();
    for (const attempt of [
      (target: string) => stranger.get(target),
      (target: string) => stranger.put(target, cipher()),
      (target: string) => stranger.put(target, cipher(), '"1"'),
      (target: string) => stranger.remove(target),
    ]) {
      const [foreign, absent] = [await attempt(id), await attempt(missing)];
      expect(foreign.status).toBe(404);
      const bodies = [foreign.body, absent.body].map((body) =>
        JSON.parse(Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body)),
      );
      expect({ ...bodies[0], instance: '', request_id: '' }).toEqual({ ...bodies[1], instance: '', request_id: '' });
    }
    expect((await stranger.create(cipher(), { id })).status).toBe(201);
    expect((await stranger.list()).body).toHaveLength(1);
    expect((await stranger.feed()).changes).toHaveLength(1);
    expect((await records.get(id)).headers['x-version']).toBe('1');
  });

  it('are counted exactly', async () => {
    const { id } = await records.made(cipher(1_000));
    await records.made(cipher(500));
    await records.put(id, cipher(100));
    expect((await records.usage()).body).toEqual({
      records: { bytes: 600, count: 2 },
      backups: { bytes: 0, count: 0 },
      vectors: { bytes: 0, count: 0 },
      files: { bytes: 0, count: 0 },
      limit_bytes: 5_000_000_000,
      backup_limit_bytes: 5_000_000_000,
    });
    await records.remove(id);
    expect((await records.usage()).body.records).toEqual({ bytes: 500, count: 1 });
  });

  it('are answered from the first attempt when a creation comes again with its Idempotency-Key', async () => {
    const bytes = cipher();
    const send = (content: Buffer) =>
      app
        .call('post', '/storage/records', user)
        .set('Idempotency-Key', 'again-and-again')
        .send({ table: 'notes', ...contentOf(content) });
    const first = await send(bytes);
    const second = await send(bytes);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect((await send(cipher())).body.code).toBe('idempotency_key_reused');
    expect((await records.usage()).body.records.count).toBe(1);
    const stream = (): Promise<import('supertest').Response> =>
      records.stream(bytes, { 'Idempotency-Key': 'streamed' });
    expect((await stream()).body).toEqual((await stream()).body);
    expect((await records.usage()).body.records.count).toBe(2);
  });
});
