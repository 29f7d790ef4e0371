import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { BackupScrub } from '@adiuva/backup';
import { Database } from '@adiuva/platform';
import type { TestApp, TestUser } from '../support/app';
import { begun, bytesOf, cut, putChunk, stored } from './backup-client';
import { damage, lose, objectsOf, startOn, stopWithStore, STORES } from './stores';

const FIVE_MIB = 5 * 1024 * 1024;

describe.each(STORES)('reading a backup, on %s', (store) => {
  let app: TestApp;
  let user: TestUser;

  beforeAll(async () => {
    app = await startOn(store);
  });
  afterAll(() => stopWithStore(app));
  beforeEach(async () => {
    user = await app.user('pro');
  });

  const get = (path = '/backup', headers: Record<string, string> = {}) =>
    bytesOf(app.call('get', path, user).set(headers));
  const chunked = async (bytes: Buffer, chunkSize: number): Promise<string> => {
    const id = await begun(app, user, bytes, chunkSize);
    for (const [number, chunk] of cut(bytes, chunkSize).entries())
      await putChunk(app, user, id, number, chunk).expect(200);
    await app.call('post', `/backup/uploads/${id}/complete`, user).expect(200);
    return id;
  };

  it('is 404 where there is none', async () => {
    expect((await app.call('get', '/backup', user).expect(404)).body).toMatchObject({ code: 'not_found' });
  });

  it('is 304 for who has it, by tag or by date, and the tag decides', async () => {
    await stored(app, user);
    const { headers } = await get().expect(200);
    const tag = String(headers['etag']);
    const date = String(headers['last-modified']);
    const known = await get('/backup', { 'If-None-Match': tag }).expect(304);
    expect(known.headers).toMatchObject({ etag: tag, 'last-modified': date });
    for (const tags of [`W/${tag}`, `"x", ${tag}`, '*']) await get('/backup', { 'If-None-Match': tags }).expect(304);
    await get('/backup', { 'If-None-Match': '"x"' }).expect(200);
    await get('/backup', { 'If-Modified-Since': date }).expect(304);
    await get('/backup', { 'If-Modified-Since': new Date(Date.now() + 3_600_000).toUTCString() }).expect(304);
    await get('/backup', { 'If-Modified-Since': new Date(Date.now() - 3_600_000).toUTCString() }).expect(200);
    await get('/backup', { 'If-Modified-Since': date, 'If-None-Match': '"x"' }).expect(200);
    for (const nonsense of ['yesterday', '2030-01-01T00:00:00Z', String(Date.now()), ''])
      await get('/backup', { 'If-Modified-Since': nonsense }).expect(200);
  });

  it('is never 304 for who has an older one, or one that was deleted since, though both are of the same second', async () => {
    await stored(app, user);
    const { headers: before } = await get().expect(200);
    const newest = await stored(app, user);
    const { headers: after } = await get('/backup', { 'If-Modified-Since': String(before['last-modified']) }).expect(
      200,
    );
    await app.call('delete', `/backup/${newest}`, user).expect(200);
    const { headers: again } = await get('/backup', { 'If-Modified-Since': String(after['last-modified']) }).expect(
      200,
    );
    expect(again['etag']).toBe(before['etag']);
  });

  it.each([
    ['bytes=0-9', 206, 0, 9],
    ['bytes=99990-', 206, 99_990, 99_999],
    ['bytes=-5', 206, 99_995, 99_999],
    ['bytes=15000-45000', 206, 15_000, 45_000],
    ['bytes=0-999999', 206, 0, 99_999],
    ['Bytes=0-99999999999999999999', 206, 0, 99_999],
    ['bytes=0-1,5-6', 200, 0, 99_999],
    ['lines=1-2', 200, 0, 99_999],
  ])('in the range %s is %i', async (range, status, start, end) => {
    const bytes = randomBytes(100_000);
    for (const id of [await stored(app, user, bytes), await chunked(bytes, 20_000)]) {
      const answer = await get(`/backup/${id}`, { Range: range }).expect(status);
      expect(answer.body.equals(bytes.subarray(start, end + 1))).toBe(true);
      if (status === 206) expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/100000`);
    }
  });

  it('beyond the end is 416, and with a stale condition the whole', async () => {
    const bytes = randomBytes(1_000);
    await stored(app, user, bytes);
    const { headers } = await get().expect(200);
    for (const beyond of ['bytes=1000-', 'bytes=99999999999999999999-', 'bytes=-0'])
      await get('/backup', { Range: beyond }).expect(416).expect('Content-Range', 'bytes */1000');
    await get('/backup', { Range: 'bytes=0-9', 'If-Range': String(headers['etag']) }).expect(206);
    await get('/backup', { Range: 'bytes=0-9', 'If-Range': '"old"' }).expect(200);
  });

  it('answers HEAD without the bytes', async () => {
    await stored(app, user, randomBytes(1_234));
    const { headers } = await app.call('head', '/backup', user).expect(200);
    expect(headers['content-length']).toBe('1234');
  });

  it.each([
    ['at its start', 0],
    ['at its end', 299_999],
  ])('never ends well when a byte was damaged %s, in whole or in a range', async (_, at) => {
    const bytes = randomBytes(300_000);
    for (const id of [await stored(app, user, bytes), await chunked(bytes, 100_000)]) {
      await damage(app, id, at);
      await expect(get(`/backup/${id}`)).rejects.toThrow(/aborted|socket hang up/);
      await expect(get(`/backup/${id}`, { Range: `bytes=${at}-${at}` })).rejects.toThrow(/aborted|socket hang up/);
    }
  });

  it('of a chunked one proves a range by its chunks alone', async () => {
    const bytes = randomBytes(FIVE_MIB + 100_000);
    const id = await chunked(bytes, FIVE_MIB);
    await damage(app, id, 0);
    const answer = await get(`/backup/${id}`, { Range: `bytes=${FIVE_MIB}-${FIVE_MIB + 9}` }).expect(206);
    expect(answer.body.equals(bytes.subarray(FIVE_MIB, FIVE_MIB + 10))).toBe(true);
    await expect(get(`/backup/${id}`, { Range: 'bytes=5-9' })).rejects.toThrow(/aborted|socket hang up/);
  });

  it('falls back to the newest good one once the scrub has found the damage, and takes it back when it heals', async () => {
    const good = randomBytes(1_000);
    await stored(app, user, good);
    const bad = await stored(app, user);
    await damage(app, bad, 3);
    const report = await app.nest.get(BackupScrub).all(new AbortController().signal);
    expect(report.damaged).toContainEqual({ id: bad, userId: user.id });
    expect(report.finished).toBe(true);
    expect(app.log.some((line) => line.includes('"backup_damaged"') && line.includes(bad))).toBe(true);
    expect((await app.call('get', '/backup/history', user)).body).toMatchObject([
      { id: bad, damaged: true },
      { damaged: false },
    ]);
    expect((await get().expect(200)).body.equals(good)).toBe(true);
    expect((await app.call('get', `/backup/${bad}`, user).expect(502)).body).toMatchObject({ code: 'upstream_failed' });
    await damage(app, bad, 3);
    await app.nest.get(BackupScrub).all(new AbortController().signal);
    expect((await get().expect(200)).headers['x-backup-id']).toBe(bad);
  });

  if (store === 'disk')
    it('whose file cannot be read is found damaged, and the scrub goes on to the others', async () => {
      const bad = await stored(app, user);
      const [file = ''] = (await objectsOf(app)).filter((object) => object.includes(bad));
      await rm(file);
      await mkdir(file);
      const others = [await stored(app, user), await stored(app, user)];
      await app.nest
        .get(Database)
        .query('UPDATE backups SET scrubbed_at = NULL WHERE id = ANY($1)', [[bad, ...others]]);
      const report = await app.nest.get(BackupScrub).all(new AbortController().signal);
      expect(report.finished).toBe(true);
      expect(report.damaged).toContainEqual({ id: bad, userId: user.id });
      await app.call('get', `/backup/${bad}`, user).expect(502);
    });

  it('is 502 when its object is lost, and the scrub says so', async () => {
    const id = await stored(app, user);
    await lose(app, id);
    await app.call('get', '/backup', user).expect(502);
    const report = await app.nest.get(BackupScrub).all(new AbortController().signal);
    expect(report.damaged).toContainEqual({ id, userId: user.id });
    await app.call('get', '/backup', user).expect(502);
  });
});
