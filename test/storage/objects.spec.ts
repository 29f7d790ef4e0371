import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { checksumOf } from '@adiuva/kernel';
import { BlobStore, Database, safeKey } from '@adiuva/platform';
import { ReleasedObjectCleaner, OrphanCollector } from '@adiuva/storage';
import { eventually, TestApp, type TestUser, whenBusy } from '../support/app';
import { ageOrphans } from '../support/builders/orphans';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import { cipher, RecordClient } from './record-client';

describe('the objects of records, in a bucket', () => {
  const s3 = new FakeS3();
  let app: TestApp;
  /** Waits for the bucket no longer than by default; the other one as long as a slow machine needs. */
  let impatient: TestApp;
  let user: TestUser;
  let records: RecordClient;

  beforeAll(async () => {
    await s3.start();
    const settings = { ...s3.settings, BLOB_RELEASE_SECONDS: '0', BLOB_ORPHAN_MINUTES: '0' };
    app = await TestApp.start({ ...settings, S3_TIMEOUT_MS: '60000' });
    impatient = await TestApp.start(settings, app);
  });
  afterAll(async () => {
    await impatient.stop();
    await app.stop();
    await s3.stop();
  });
  beforeEach(async () => {
    s3.heal();
    await eventually(async () => (await app.call('get', '/health/ready')).body.checks.blobs === 'up');
    user = await app.user('power');
    records = new RecordClient(app, user);
  });

  const keys = (): string[] => [...s3.bucket.objects.keys()].filter((key) => key.startsWith(user.id));

  it('lie under user, table and record, with the client’s checksum, encrypted by the store', async () => {
    const { id, bytes } = await records.made();
    const [key = ''] = keys();
    expect(key.startsWith(`${user.id}/notes/${id}`)).toBe(true);
    expect(s3.bucket.get(key)).toMatchObject({ encryption: 'AES256', metadata: { sha256: checksumOf(bytes) } });
  });

  it('are removed by a job when their record is replaced or deleted', async () => {
    const { id } = await records.made();
    await records.put(id, cipher());
    expect(keys()).toHaveLength(2);
    await app.nest.get(ReleasedObjectCleaner).run();
    expect(keys()).toHaveLength(1);
    await records.remove(id);
    await app.nest.get(ReleasedObjectCleaner).run();
    expect(keys()).toEqual([]);
    expect(await app.nest.get(Database).query('SELECT FROM released_objects')).toEqual([]);
  });

  it('are swept when no row names them, after a dry run that removes nothing', async () => {
    const { id, bytes } = await records.made();
    const store = app.nest.get(BlobStore);
    const orphan = safeKey(user.id, 'notes', `${randomUUID()}.1-0123456789abcdef`);
    const old = safeKey(user.id, 'notes', `${id}.7-0123456789abcdef`);
    const foreign = safeKey('plugins', 'somebody-elses.zip');
    for (const key of [orphan, old, foreign]) await store.put(key, Readable.from([cipher(10)]), { maxBytes: 10 });
    const sweep = app.nest.get(OrphanCollector);
    expect(await sweep.run({ dryRun: true })).toMatchObject({ orphans: 2, orphanBytes: 20, removed: 0 });
    expect(keys()).toHaveLength(3);
    expect(await sweep.run({ dryRun: false })).toMatchObject({ orphans: 2, removed: 0 });
    expect(keys()).toHaveLength(3);
    await ageOrphans(app.nest.get(Database));
    expect(await sweep.run({ dryRun: false })).toMatchObject({ orphans: 2, removed: 2 });
    expect(keys()).toHaveLength(1);
    expect(await store.head(foreign)).not.toBeNull();
    expect((await records.get(id)).body).toEqual(bytes);
    expect(await sweep.losses()).toMatchObject({ lost: [] });
  });

  it('are missed by the search for losses when they are gone', async () => {
    const { id } = await records.made();
    for (const key of keys()) s3.bucket.objects.delete(key);
    expect((await app.nest.get(OrphanCollector).losses()).lost).toContainEqual({ userId: user.id, id });
    expect((await records.get(id)).status).toBe(502);
    await records.remove(id);
  });

  it('are never given wrongly: damaged or cut ones end the connection before the last byte', async () => {
    const { id } = await records.made(cipher(300_000));
    for (const kind of ['damaged', 'cut'] as const) {
      for (const headers of [{}, { Range: 'bytes=10-20' }]) {
        s3.suffer({ kind, method: 'GET', times: 1 });
        await expect(records.get(id, headers)).rejects.toThrow();
      }
    }
    expect((await records.get(id)).status).toBe(200);
  });

  it('that were stored although the answer was lost make a record or nothing', async () => {
    s3.suffer({ kind: 'answer_lost', method: 'PUT' });
    const answer = await records.create(cipher());
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    s3.heal();
    expect((await records.usage()).body.records).toEqual({ bytes: 0, count: 0 });
    const sweep = app.nest.get(OrphanCollector);
    await sweep.run({ dryRun: false, force: true });
    await ageOrphans(app.nest.get(Database));
    await sweep.run({ dryRun: false, force: true });
    expect(keys()).toEqual([]);
  });

  it.each(['down', 'silent', 'failing'] as const)(
    'may be out of reach (%s): writes are 503 in 2 s, then without asking it, lists go on, readiness says so, and it heals in 10 s',
    async (kind) => {
      const { id } = await records.made();
      const there = new RecordClient(impatient, user);
      s3.suffer({ kind });
      const times: number[] = [];
      const asked: number[] = [];
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const [begun, before] = [performance.now(), s3.requests.length];
        const answer = await there.create(cipher());
        times.push(performance.now() - begun);
        asked.push(s3.requests.length - before);
        expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      expect(Math.max(...times)).toBeLessThan(whenBusy(2_000));
      // All but the probes.
      expect(Math.min(...asked.slice(3))).toBe(0);
      expect((await there.list()).body).toHaveLength(1);
      expect((await there.changes()).status).toBe(200);
      const ready = await impatient.call('get', '/health/ready');
      expect([ready.status, ready.body.checks.blobs]).toEqual([503, 'down']);
      s3.heal();
      const healed = Date.now();
      await eventually(async () => (await there.put(id, cipher())).status === 200);
      expect(Date.now() - healed).toBeLessThan(whenBusy(10_000));
    },
  );
});
