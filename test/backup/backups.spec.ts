import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { checksumOf, newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, type TestApp, type TestUser } from '../support/app';
import { bytesOf, putBackup, sendPart, stored } from './backup-client';
import { objectsOf, startOn, stopWithStore, STORES, unfinishedOf } from './stores';

describe.each(STORES)('a backup in one body, on %s', (store) => {
  let app: TestApp;
  let user: TestUser;

  beforeAll(async () => {
    app = await startOn(store);
  });
  afterAll(() => stopWithStore(app));
  beforeEach(async () => {
    user = await app.user('pro');
  });

  it('comes back as it went in, with what was said about it', async () => {
    // More than a part of a multipart upload, less than three.
    const bytes = randomBytes(12_000_000);
    const { body } = await putBackup(app, user, bytes, {
      'X-Backup-Version': '2.1',
      'X-Backup-Timestamp': '1700000000000',
    }).expect(200);
    expect(body).toEqual({ ok: true, id: expect.any(String), size_bytes: bytes.length });
    const answer = await bytesOf(app.call('get', '/backup', user)).expect(200);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '12000000',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'x-checksum': checksumOf(bytes),
      'x-backup-checksum': checksumOf(bytes),
      'x-backup-version': '2.1',
      'x-backup-timestamp': '1700000000000',
      'x-backup-id': body.id,
      etag: `"${checksumOf(bytes)}"`,
    });
    const history = await app.call('get', '/backup/history', user).expect(200);
    expect(history.body).toEqual([
      {
        id: body.id,
        version: '2.1',
        timestamp: 1_700_000_000_000,
        checksum: checksumOf(bytes),
        chunk_count: 1,
        size_bytes: bytes.length,
        created_at: expect.any(Number),
        damaged: false,
      },
    ]);
  });

  it('is the latest by the clock of the server, whatever time the client says', async () => {
    const first = randomBytes(100);
    const second = randomBytes(100);
    const old = (await putBackup(app, user, first, { 'X-Backup-Timestamp': '8000000000000' }).expect(200)).body.id;
    const latest = (await putBackup(app, user, second, { 'X-Backup-Timestamp': '0' }).expect(200)).body.id;
    expect((await bytesOf(app.call('get', '/backup', user)).expect(200)).body.equals(second)).toBe(true);
    expect((await bytesOf(app.call('get', `/backup/${old}`, user)).expect(200)).body.equals(first)).toBe(true);
    const { body } = await app.call('get', '/backup/history', user).expect(200);
    expect(body.map(({ id }: { id: string }) => id)).toEqual([latest, old]);
  });

  it('keeps nothing of a body with another checksum', async () => {
    const before = await objectsOf(app);
    for (const size of [100_000, 12_000_000]) {
      const wrong = { 'X-Backup-Checksum': 'a'.repeat(64) };
      const { body } = await putBackup(app, user, randomBytes(size), wrong).expect(400);
      expect(body).toMatchObject({ code: 'checksum_mismatch' });
    }
    await app.call('get', '/backup', user).expect(404);
    expect((await app.call('get', '/backup/history', user).expect(200)).body).toEqual([]);
    expect(await objectsOf(app)).toEqual(before);
    await eventually(async () => (await unfinishedOf(app)).length === 0);
  });

  it('is 402 for a free user before its body is read, and says which tier is needed', async () => {
    const free = await app.user();
    const { body } = await putBackup(app, free, randomBytes(10)).expect(402);
    expect(body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
    for (const path of ['/backup', '/backup/history', `/backup/${newId()}`])
      await app.call('get', path, free).expect(402);
    await app.call('post', '/backup/uploads', free).send({}).expect(402);
    const answered = await sendPart(app, free, 4_000_000_000, Buffer.alloc(10), () => new Promise(() => undefined));
    expect(answered).toBe(402);
  });

  it('may still be read and deleted by who has left the paid tier, but not replaced', async () => {
    const bytes = randomBytes(50);
    const id = await stored(app, user, bytes);
    await app.setTier(user.id, 'free');
    expect((await bytesOf(app.call('get', '/backup', user)).expect(200)).body.equals(bytes)).toBe(true);
    await putBackup(app, user, bytes).expect(402);
    await app.call('delete', `/backup/${id}`, user).expect(200);
    await app.call('post', `/backup/${id}/restore`, user).expect(200);
  });

  it.each([
    ['no version', { 'X-Backup-Version': undefined }],
    ['a long version', { 'X-Backup-Version': 'v'.repeat(65) }],
    ['no time', { 'X-Backup-Timestamp': undefined }],
    ['a time in words', { 'X-Backup-Timestamp': 'yesterday' }],
    ['a time beyond all dates', { 'X-Backup-Timestamp': '8640000000000001' }],
    ['a negative time', { 'X-Backup-Timestamp': '-1' }],
    ['no checksum', { 'X-Backup-Checksum': undefined }],
    ['a checksum in capitals', { 'X-Backup-Checksum': 'A'.repeat(64) }],
  ])('is 400 with %s', async (_, headers) => {
    const test = putBackup(app, user, randomBytes(10));
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) test.unset(name);
      else test.set(name, value);
    }
    expect((await test.expect(400)).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: Object.keys(headers)[0] }],
    });
  });

  it('is raw bytes whatever its type says, JSON too', async () => {
    for (const bytes of [Buffer.from('{"a":1}'), randomBytes(200_000)]) {
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
        const { status } = await fetch(`${app.url}/api/v1/backup`, {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${user.accessToken}`,
            'content-type': type,
            'x-backup-version': '1',
            'x-backup-timestamp': '1',
            'x-backup-checksum': checksumOf(bytes),
          },
          body: bytes,
        });
        expect(status).toBe(200);
        expect((await bytesOf(app.call('get', '/backup', user)).expect(200)).body.equals(bytes)).toBe(true);
      }
    }
  });

  it.each([
    ['Content-Encoding: gzip', 'Content-Length: 4', '\r\nabcd'],
    ['Transfer-Encoding: gzip, chunked', 'Accept: */*', '\r\n4\r\nabcd\r\n0\r\n\r\n'],
  ])('is 415 when it is compressed: %s', async (encoding, length, body) => {
    const socket = connect(app.port, '127.0.0.1');
    const head = [
      'PUT /api/v1/backup HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${user.accessToken}`,
      'X-Backup-Version: 1',
      'X-Backup-Timestamp: 1',
      `X-Backup-Checksum: ${checksumOf(Buffer.from('abcd'))}`,
      'Connection: close',
      encoding,
      length,
    ];
    socket.write(`${head.join('\r\n')}\r\n${body}`);
    expect((await text(socket)).split('\r\n')[0]).toBe('HTTP/1.1 415 Unsupported Media Type');
  });

  it('has at least one byte', async () => {
    await putBackup(app, user, Buffer.alloc(0)).expect(400);
  });

  it('is taken without a length too, and its room is reserved as it comes', async () => {
    const bytes = randomBytes(200_000);
    const response = await fetch(`${app.url}/api/v1/backup`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${user.accessToken}`,
        'x-backup-version': '1',
        'x-backup-timestamp': '1',
        'x-backup-checksum': checksumOf(bytes),
      },
      body: new Blob([bytes]).stream(),
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({ ok: true, size_bytes: 200_000 });
    expect((await bytesOf(app.call('get', '/backup', user)).expect(200)).body.equals(bytes)).toBe(true);
    const [usage] = await usageOf(app, user);
    expect(usage).toEqual({ bytes: '200000', count: '1', reserved: '0' });
  });

  it('is refused above the room of the tier by its length alone, and nothing stays reserved', async () => {
    await app.nest
      .get(Database)
      .query(
        'INSERT INTO storage_usage (user_id, position, backups_bytes, backups_count) VALUES ($1, 1, 4999999000, 1)',
        [user.id],
      );
    const { body } = await putBackup(app, user, randomBytes(1_001)).expect(402);
    expect(body).toMatchObject({ code: 'quota_exceeded', limit_bytes: 5_000_000_000, used_bytes: 4_999_999_000 });
    await putBackup(app, user, randomBytes(1_000)).expect(200);
    expect((await usageOf(app, user))[0]).toEqual({ bytes: '5000000000', count: '2', reserved: '0' });
  });

  it('lets exactly as many parallel bodies in as there is room for, and leaves nothing of the others', async () => {
    await app.nest
      .get(Database)
      .query(
        'INSERT INTO storage_usage (user_id, position, backups_bytes, backups_count) VALUES ($1, 1, 4999000000, 1)',
        [user.id],
      );
    const before = (await objectsOf(app)).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => putBackup(app, user, randomBytes(400_000))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, ...Array.from({ length: 18 }, () => 402)]);
    expect((await objectsOf(app)).length).toBe(before + 2);
    expect((await usageOf(app, user))[0]).toEqual({ bytes: '4999800000', count: '3', reserved: '0' });
  });

  it('belongs to its user alone', async () => {
    const id = await stored(app, user);
    const other = await app.user('pro');
    await app.call('get', `/backup/${id}`, other).expect(404);
    await app.call('delete', `/backup/${id}`, other).expect(404);
    await app.call('delete', `/backup/${id}`, other).send({ password: other.password }).expect(404);
    await app.call('post', `/backup/${id}/restore`, other).expect(404);
    await app.call('get', '/backup', other).expect(404);
    await app.call('get', '/backup').expect(401);
    await app.call('get', `/backup/${newId()}`, user).expect(404);
    await app.call('get', '/backup/nonsense', user).expect(404);
  });

  it('that a broken connection has cut leaves nothing behind', async () => {
    for (const part of [100_000, 7_000_000]) {
      const isReceiving = async (): Promise<void> => {
        await untilReserved(app, user, '12000000');
        if (part > 5_000_000) await eventually(async () => (await unfinishedOf(app)).length > 0);
      };
      await sendPart(app, user, 12_000_000, Buffer.alloc(part), isReceiving);
      await untilReserved(app, user, '0');
    }
    await eventually(async () => (await unfinishedOf(app)).length === 0);
    expect((await objectsOf(app)).filter((object) => object.includes(user.id))).toEqual([]);
    expect((await app.call('get', '/backup/history', user).expect(200)).body).toEqual([]);
    expect(app.log.filter((line) => line.includes('"bug"'))).toEqual([]);
  });
});

function usageOf(app: TestApp, user: TestUser): Promise<{ bytes: string; count: string; reserved: string }[]> {
  return app.nest
    .get(Database)
    .query(
      'SELECT backups_bytes AS bytes, backups_count AS count, backups_reserved AS reserved FROM storage_usage WHERE user_id = $1',
      [user.id],
    );
}

async function untilReserved(app: TestApp, user: TestUser, bytes: string): Promise<void> {
  await eventually(async () => (await usageOf(app, user))[0]?.reserved === bytes);
}
