import { randomBytes } from 'node:crypto';
import { checksumOf, newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { UploadCleanup } from '@adiuva/backup';
import { eventually, TestApp, type TestUser } from '../support/app';
import { begin, begun, bytesOf, cut, putChunk } from './backup-client';
import { lose, objectsOf, startOn, stopWithStore, STORES } from './stores';

const FIVE_MIB = 5 * 1024 * 1024;

describe.each(STORES)('a backup in chunks, on %s', (store) => {
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

  const complete = (id: string) => app.call('post', `/backup/uploads/${id}/complete`, user);
  const reserved = async (): Promise<number> => {
    const [row] = await app.nest
      .get(Database)
      .query<{ reserved: string }>('SELECT backups_reserved AS reserved FROM storage_usage WHERE user_id = $1', [
        user.id,
      ]);
    return Number(row?.reserved ?? 0);
  };
  const mine = async () => (await objectsOf(app)).filter((object) => object.includes(user.id));

  it.each([
    ['small ones, kept apart', 100_000, 30_000],
    ['parts of a multipart upload', FIVE_MIB + 1_000, FIVE_MIB],
    ['a single one', 5_000, 30_000],
  ])('is whole after its chunks came backwards and at once, one of them twice: %s', async (_, size, chunkSize) => {
    const bytes = randomBytes(size);
    const chunks = cut(bytes, chunkSize);
    const { body } = await begin(app, user, bytes, chunkSize).expect(200);
    expect(body).toMatchObject({
      state: 'open',
      chunk_count: chunks.length,
      chunks: [],
      missing: chunks.map((_chunk, number) => number),
    });
    expect(await reserved()).toBe(size);
    await putChunk(app, user, body.id, 0, chunks[0] ?? Buffer.alloc(0)).expect(200);
    const sent = chunks.map((chunk, number) => putChunk(app, user, body.id, number, chunk).expect(200)).reverse();
    await Promise.all(sent);
    expect((await app.call('get', `/backup/uploads/${body.id}`, user).expect(200)).body).toMatchObject({ missing: [] });
    await app.call('get', '/backup', user).expect(404);
    const done = await complete(body.id).expect(200);
    expect(done.body).toEqual({ ok: true, id: body.id, size_bytes: size });
    const back = await bytesOf(app.call('get', '/backup', user)).expect(200);
    expect(checksumOf(back.body)).toBe(checksumOf(bytes));
    expect((await app.call('get', '/backup/history', user)).body).toMatchObject([
      { id: body.id, chunk_count: chunks.length },
    ]);
    expect((await complete(body.id).expect(200)).body).toEqual(done.body);
    expect((await app.call('get', `/backup/uploads/${body.id}`, user).expect(200)).body).toMatchObject({
      state: 'completed',
      missing: [],
    });
    expect(await reserved()).toBe(0);
    await eventually(async () => (await mine()).length === 1);
  });

  it('may be numbered from 1, but not both ways', async () => {
    const bytes = randomBytes(25_000);
    const chunks = cut(bytes, 10_000);
    const id = await begun(app, user, bytes, 10_000);
    for (const [index, chunk] of chunks.entries()) await putChunk(app, user, id, index + 1, chunk).expect(200);
    await putChunk(app, user, id, 0, chunks[0] ?? Buffer.alloc(0)).expect(400);
    await complete(id).expect(200);
    expect((await bytesOf(app.call('get', '/backup', user))).body.equals(bytes)).toBe(true);
  });

  it('keeps one object a chunk, however often and however wrongly the chunk comes', async () => {
    const bytes = randomBytes(25_000);
    const id = await begun(app, user, bytes, 10_000);
    const [first = bytes, second = bytes] = cut(bytes, 10_000);
    for (let times = 0; times < 3; times += 1) await putChunk(app, user, id, 0, randomBytes(10_000)).expect(200);
    await putChunk(app, user, id, 0, first).expect(200);
    await putChunk(app, user, id, 1, second).expect(200);
    await putChunk(app, user, id, 1, randomBytes(9_999)).expect(400);
    await putChunk(app, user, id, 1, randomBytes(10_000), checksumOf(first)).expect(400);
    expect(await mine()).toHaveLength(2);
    const { body } = await app.call('get', `/backup/uploads/${id}`, user).expect(200);
    expect(body).toMatchObject({ chunks: [0, 1], missing: [2] });
  });

  it('keeps nothing of a chunk without a length that turns out to have the wrong one', async () => {
    const id = await begun(app, user, randomBytes(25_000), 10_000);
    // The last chunk has 5,000 bytes where chunks count from 0, and 10,000 where they count from 1.
    const wrong = randomBytes(7_000);
    const { status } = await fetch(`${app.url}/api/v1/backup/uploads/${id}/chunks/2`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${user.accessToken}`, 'x-checksum': checksumOf(wrong) },
      body: new Blob([wrong]).stream(),
      duplex: 'half',
    });
    expect(status).toBe(400);
    expect(await mine()).toEqual([]);
  });

  it('asks again for a chunk that the store has lost', async () => {
    const bytes = randomBytes(20_000);
    const id = await begun(app, user, bytes, 10_000);
    const chunks = cut(bytes, 10_000);
    for (const [number, chunk] of chunks.entries()) await putChunk(app, user, id, number, chunk).expect(200);
    await lose(app, id);
    expect((await complete(id).expect(409)).body).toMatchObject({ missing_chunks: 1 });
    for (const [number, chunk] of chunks.entries()) await putChunk(app, user, id, number, chunk).expect(200);
    await complete(id).expect(200);
  });

  it('is whole or refused, never anything else, while chunks, endings and abortions come at once', async () => {
    for (const [size, chunkSize] of [
      [30_000, 10_000],
      [FIVE_MIB + 7, FIVE_MIB],
    ] as const) {
      for (let round = 0; round < 6; round += 1) {
        const bytes = randomBytes(size);
        const chunks = cut(bytes, chunkSize);
        const id = await begun(app, user, bytes, chunkSize);
        for (const [number, chunk] of chunks.entries()) await putChunk(app, user, id, number, chunk).expect(200);
        const other = (chunk: Buffer) => randomBytes(chunk.length);
        const answers = await Promise.all([
          ...chunks.map((chunk, number) => putChunk(app, user, id, number, round % 2 ? chunk : other(chunk))),
          complete(id),
          ...(round % 3 === 2 ? [app.call('delete', `/backup/uploads/${id}`, user)] : []),
          complete(id),
        ]);
        for (const { status } of answers) expect([200, 400, 404, 409]).toContain(status);
        const got = await bytesOf(app.call('get', `/backup/${id}`, user));
        if (got.status !== 404) expect([got.status, checksumOf(got.body)]).toEqual([200, checksumOf(bytes)]);
        await app.call('delete', `/backup/uploads/${id}`, user);
      }
    }
    expect(await reserved()).toBe(0);
    expect(app.log.filter((line) => line.includes('"event":"bug"'))).toEqual([]);
  });

  it('says which chunks are missing, and is no backup before all are there', async () => {
    const bytes = randomBytes(50_000);
    const chunks = cut(bytes, 10_000);
    const id = await begun(app, user, bytes, 10_000);
    for (const number of [4, 1]) await putChunk(app, user, id, number, chunks[number] ?? Buffer.alloc(0)).expect(200);
    expect((await app.call('get', `/backup/uploads/${id}`, user).expect(200)).body).toMatchObject({
      chunks: [1, 4],
      missing: [0, 2, 3],
    });
    expect((await complete(id).expect(409)).body).toMatchObject({ code: 'conflict', missing_chunks: 3 });
    for (const number of [0, 2, 3])
      await putChunk(app, user, id, number, chunks[number] ?? Buffer.alloc(0)).expect(200);
    await complete(id).expect(200);
  });

  it.each([
    ['kept apart', 30_000, 10_000],
    ['in parts', FIVE_MIB + 10, FIVE_MIB],
  ])('refuses a chunk that is wrong, cut or too long, and keeps the good one: %s', async (_, size, chunkSize) => {
    const bytes = randomBytes(size);
    const chunks = cut(bytes, chunkSize);
    const id = await begun(app, user, bytes, chunkSize);
    const [first = Buffer.alloc(0)] = chunks;
    await putChunk(app, user, id, 0, first).expect(200);
    expect(
      (await putChunk(app, user, id, 0, randomBytes(chunkSize), checksumOf(first)).expect(400)).body,
    ).toMatchObject({ code: 'checksum_mismatch' });
    await putChunk(app, user, id, 0, first.subarray(1)).expect(400);
    await putChunk(app, user, id, 0, Buffer.concat([first, first.subarray(0, 1)])).expect(400);
    await putChunk(app, user, id, 0, first, 'zz').expect(400);
    for (const number of [chunks.length + 1, -1, 1.5, 'x', '00', '9999999'])
      await putChunk(app, user, id, number, first).expect(400);
    for (const [number, chunk] of chunks.entries())
      if (number > 0) await putChunk(app, user, id, number, chunk).expect(200);
    await complete(id).expect(200);
    expect((await bytesOf(app.call('get', '/backup', user))).body.equals(bytes)).toBe(true);
  });

  it.each([
    ['kept apart', 30_000, 10_000],
    ['in parts', FIVE_MIB + 10, FIVE_MIB],
  ])(
    'whose whole has another checksum than promised is gone with everything it had: %s',
    async (_, size, chunkSize) => {
      const bytes = randomBytes(size);
      const { body } = await begin(app, user, bytes, chunkSize, { checksum: 'b'.repeat(64) }).expect(200);
      for (const [number, chunk] of cut(bytes, chunkSize).entries())
        await putChunk(app, user, body.id, number, chunk).expect(200);
      expect((await complete(body.id).expect(400)).body).toMatchObject({ code: 'checksum_mismatch' });
      await app.call('get', `/backup/uploads/${body.id}`, user).expect(404);
      await complete(body.id).expect(404);
      await app.call('get', '/backup', user).expect(404);
      expect(await reserved()).toBe(0);
      await eventually(async () => (await mine()).length === 0);
    },
  );

  it('gives its room back when it is aborted', async () => {
    const bytes = randomBytes(20_000);
    const id = await begun(app, user, bytes, 10_000);
    await putChunk(app, user, id, 0, bytes.subarray(0, 10_000)).expect(200);
    expect((await app.call('delete', `/backup/uploads/${id}`, user).expect(200)).body).toEqual({ ok: true });
    expect(await reserved()).toBe(0);
    await app.call('delete', `/backup/uploads/${id}`, user).expect(404);
    await putChunk(app, user, id, 1, bytes.subarray(10_000)).expect(404);
    await eventually(async () => (await mine()).length === 0);
  });

  it('is aborted once however many requests abort it concurrently, and no other upload loses its reservation', async () => {
    const { id } = (await begin(app, user, randomBytes(20_000), 10_000).expect(200)).body;
    await begin(app, user, randomBytes(3_000), 1_000).expect(200);
    const aborts = await Promise.all(
      Array.from({ length: 20 }, () => app.call('delete', `/backup/uploads/${id}`, user)),
    );
    const statuses = aborts.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 404, 409].includes(status))).toEqual([]);
    expect(await reserved()).toBe(3_000);
    // The last upload of a user as well, whose reservation is all that is reserved.
    const [left] = (await app.call('get', '/backup/uploads', user).expect(200)).body;
    const last = await Promise.all(
      Array.from({ length: 20 }, () => app.call('delete', `/backup/uploads/${left.id}`, user)),
    );
    expect(last.filter(({ status }) => ![200, 404, 409].includes(status))).toEqual([]);
    expect(await reserved()).toBe(0);
  });

  it('reserves its room while it is under way, so that no other upload gets it', async () => {
    const big = { size_bytes: 3_000_000_000, chunk_size: 64 * 1024 * 1024 };
    const { body } = await begin(app, user, randomBytes(1), 1, big).expect(200);
    expect((await begin(app, user, randomBytes(1), 1, big).expect(402)).body).toMatchObject({
      code: 'quota_exceeded',
      used_bytes: 3_000_000_000,
    });
    await app.call('delete', `/backup/uploads/${body.id}`, user).expect(200);
    await begin(app, user, randomBytes(1), 1, big).expect(200);
  });

  it('lets exactly one of many parallel beginnings in where there is room for one', async () => {
    const big = { size_bytes: 3_000_000_000, chunk_size: 64 * 1024 * 1024 };
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin(app, user, randomBytes(1), 1, big)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 402)]);
    expect(await reserved()).toBe(3_000_000_000);
  });

  it('begins no oftener than the limits allow, however many begin concurrently', async () => {
    const database = app.nest.get(Database);
    const id = await begun(app, user, randomBytes(1), 1);
    await database.query(
      `INSERT INTO backup_uploads SELECT (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid()))).*
       FROM backup_uploads u, generate_series(1, 97) WHERE id = $1`,
      [id],
    );
    const tries = Array.from({ length: 8 }, () => begin(app, user, randomBytes(1), 1));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, ...Array.from({ length: 6 }, () => 409)]);
    await database.query('DELETE FROM backup_uploads WHERE user_id = $1', [user.id]);
    await database.query('UPDATE storage_usage SET backups_count = 9999 WHERE user_id = $1', [user.id]);
    const last = await Promise.all(Array.from({ length: 4 }, () => begin(app, user, randomBytes(1), 1)));
    expect(last.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    await database.query('UPDATE storage_usage SET backups_count = 0 WHERE user_id = $1', [user.id]);
  });

  it('is completed once however many ask at once', async () => {
    const bytes = randomBytes(40_000);
    const id = await begun(app, user, bytes, 10_000);
    for (const [number, chunk] of cut(bytes, 10_000).entries())
      await putChunk(app, user, id, number, chunk).expect(200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(id)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await app.call('get', '/backup/history', user)).body).toHaveLength(1);
  });

  it('is given up by a job when no chunk has come for long', async () => {
    const bytes = randomBytes(20_000);
    const id = await begun(app, user, bytes, 10_000);
    await putChunk(app, user, id, 0, bytes.subarray(0, 10_000)).expect(200);
    await app.nest.get(UploadCleanup).expire();
    await app.call('get', `/backup/uploads/${id}`, user).expect(200);
    await app.nest
      .get(Database)
      .query(`UPDATE backup_uploads SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    await app.call('get', `/backup/uploads/${id}`, user).expect(404);
    await app.nest.get(UploadCleanup).expire();
    expect(await reserved()).toBe(0);
    await eventually(async () => (await mine()).length === 0);
  });

  it('can be completed again after whoever did it died in the middle', async () => {
    for (const [size, chunkSize] of [
      [30_000, 10_000],
      [FIVE_MIB + 7, FIVE_MIB],
    ] as const) {
      const bytes = randomBytes(size);
      const id = await begun(app, user, bytes, chunkSize);
      for (const [number, chunk] of cut(bytes, chunkSize).entries())
        await putChunk(app, user, id, number, chunk).expect(200);
      const database = app.nest.get(Database);
      await database.query(
        `UPDATE backup_uploads SET state = 'completing', holder = $2, lease_until = now() + interval '1 hour' WHERE id = $1`,
        [id, newId()],
      );
      await app.call('delete', `/backup/uploads/${id}`, user).expect(409);
      await database.query(
        `UPDATE backup_uploads SET lease_until = now() + interval '300 milliseconds' WHERE id = $1`,
        [id],
      );
      await complete(id).expect(200);
      expect((await bytesOf(app.call('get', `/backup/${id}`, user))).body.equals(bytes)).toBe(true);
    }
  });

  it('keeps a repeated completion waiting for another one for a bounded time', async () => {
    const bytes = randomBytes(10);
    const id = await begun(app, user, bytes, 10);
    await putChunk(app, user, id, 0, bytes).expect(200);
    const database = app.nest.get(Database);
    await database.query(
      `UPDATE backup_uploads SET state = 'completing', lease_until = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    const now = performance.now.bind(performance);
    const began = now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => began + (now() - began) * 100);
    const { body, headers } = await complete(id).expect(503);
    clock.mockRestore();
    expect([body.code, headers['retry-after']]).toEqual(['unavailable', '5']);
    await database.query(`UPDATE backup_uploads SET lease_until = now() WHERE id = $1`, [id]);
    await complete(id).expect(200);
  });

  it('belongs to its user alone', async () => {
    const bytes = randomBytes(10);
    const id = await begun(app, user, bytes, 10);
    const other = await app.user('pro');
    await app.call('get', `/backup/uploads/${id}`, other).expect(404);
    await putChunk(app, other, id, 0, bytes).expect(404);
    await app.call('post', `/backup/uploads/${id}/complete`, other).expect(404);
    await app.call('delete', `/backup/uploads/${id}`, other).expect(404);
    expect((await app.call('get', '/backup/uploads', other).expect(200)).body).toEqual([]);
    expect((await app.call('get', '/backup/uploads', user).expect(200)).body).toMatchObject([{ id, state: 'open' }]);
    await app.call('get', '/backup/uploads/nonsense', user).expect(404);
  });

  it.each([
    ['no size', { size_bytes: undefined }],
    ['no bytes', { size_bytes: 0 }],
    ['a chunk beyond all memory', { chunk_size: 64 * 1024 * 1024 + 1 }],
    ['too many chunks', { size_bytes: 100_000, chunk_size: 1 }],
    ['a fraction', { chunk_size: 1.5 }],
    ['a checksum of another kind', { checksum: 'abc' }],
    ['a time in words', { timestamp: 'now' }],
    ['an unknown member', { colour: 'blue' }],
    ['a version with a line break', { version: '1\n2' }],
  ])('cannot begin with %s', async (_, fields) => {
    expect((await begin(app, user, randomBytes(10), 10, fields).expect(400)).body).toMatchObject({
      code: 'validation_failed',
    });
  });

  it('takes a version that is a number', async () => {
    expect((await begin(app, user, randomBytes(10), 10, { version: 3 }).expect(200)).body).toMatchObject({
      version: '3',
    });
  });
});

describe('the limits of requests', () => {
  it('count the chunks of one upload as one, and what is no chunk of it as usual', async () => {
    const app = await TestApp.start({ RATE_LIMIT_PRO: '6' });
    try {
      const user = await app.user('pro');
      const bytes = randomBytes(30);
      const id = await begun(app, user, bytes, 1);
      for (const [number, chunk] of cut(bytes, 1).entries()) {
        const { headers } = await putChunk(app, user, id, number, chunk).expect(200);
        expect(headers['ratelimit-remaining']).toBe('5');
      }
      for (let times = 0; times < 4; times += 1) await putChunk(app, user, newId(), 0, bytes).expect(404);
      await app.call('post', `/backup/uploads/${id}/complete`, user).expect(200);
      expect((await putChunk(app, user, newId(), 0, bytes).expect(429)).body).toMatchObject({ code: 'rate_limited' });
    } finally {
      await app.stop();
    }
  });
});
