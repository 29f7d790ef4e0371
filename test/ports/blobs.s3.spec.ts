import { randomBytes } from 'node:crypto';
import { requestContext, S3BlobStore, verifyingStream } from '@adiuva/platform';
import { checksumOf } from '@adiuva/kernel';
import { FakeS3 } from '../support/fakes/s3/fake-s3';
import { freePort } from '../support/processes/node-process';
import { blobStoreContract, freshKey, put, read, readVerified, trickle } from './blob-store.port';
import { whenBusy } from '../support/app';

const MANY = Number.MAX_SAFE_INTEGER;

describe('objects in S3', () => {
  const s3 = new FakeS3();
  let store: S3BlobStore;

  // A port that the system gives to no process while the store is stopped.
  beforeAll(async () => s3.start(await freePort()));
  afterAll(() => s3.stop());
  beforeEach(() => {
    s3.heal();
    s3.pageSize = 5;
    store = newStore();
  });

  /** One that waits as long as a slow machine needs, unless a test says otherwise. */
  function newStore(options: { basic?: boolean; timeout?: number } = {}): S3BlobStore {
    return new S3BlobStore({
      bucket: s3.bucketName,
      region: 'eu-central-1',
      endpoint: s3.endpoint,
      credentials: s3.credentials,
      timeout: 60_000,
      ...options,
    });
  }

  blobStoreContract(() => store);

  describe('of a compatible store without checksum headers, DeleteObjects and checksums of parts', () => {
    beforeEach(() => {
      s3.basic = true;
      store = newStore({ basic: true });
    });
    afterEach(() => (s3.basic = false));

    blobStoreContract(() => store);
  });

  it('are deleted one by one where the store has no DeleteObjects, also without the setting', async () => {
    const keys = [await put(store, Buffer.of(1)), await put(store, Buffer.of(2))];
    s3.basic = true;
    await store.delete(keys).finally(() => (s3.basic = false));
    for (const key of keys) expect(await store.head(key)).toBeNull();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a write', () => put(store, randomBytes(100))],
    ['a write in parts', () => put(store, randomBytes(6 * 1024 * 1024))],
    ['a list', () => store.list('')[Symbol.asyncIterator]().next()],
  ])('of a store that answers 200 with an error are not taken for done: %s', async (_, act) => {
    s3.suffer({ kind: 'error_body', method: _ === 'a list' ? 'GET' : 'PUT' });
    await expect(act()).rejects.toMatchObject({ code: 'unavailable' });
    s3.heal();
  });

  it('are deleted although the store answers 200 with an error once, or does not tell what it has deleted', async () => {
    const keys = [await put(store, Buffer.of(1)), await put(store, Buffer.of(2))];
    s3.suffer({ kind: 'error_body', method: 'POST', times: 1 });
    await store.delete(keys.slice(0, 1));
    s3.careless = true;
    await store.delete(keys.slice(1)).finally(() => (s3.careless = false));
    for (const key of keys) expect(await store.head(key)).toBeNull();
  });

  it('are listed below their prefix alone, also by a store that ignores the prefix and has no order', async () => {
    const [mine, other] = [freshKey(), freshKey()];
    await store.put(mine, Buffer.of(1), { maxBytes: 1 });
    await store.put(other, Buffer.of(1), { maxBytes: 1 });
    s3.careless = true;
    const listed = [];
    for await (const { key } of store.list(mine)) listed.push(key);
    s3.careless = false;
    expect(listed).toEqual([mine]);
  });

  it('are asked for with the id of the request that needs them', async () => {
    await requestContext.run({ requestId: 'request-1' }, () => put(store, Buffer.of(1)));
    expect(s3.requestIds.at(-1)).toBe('request-1');
  });

  it('has objects encrypted by the store and keeps the checksum in their metadata, in one request or in parts', async () => {
    for (const size of [10, 6 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      const key = await put(store, bytes);
      expect(s3.bucket.get(key)).toMatchObject({ encryption: 'AES256', metadata: { sha256: checksumOf(bytes) } });
      expect((await store.head(key))?.sha256).toBe(checksumOf(bytes));
    }
  });

  it('sends nothing at all of a small object whose checksum is wrong', async () => {
    const before = s3.requests.length;
    await store
      .put(freshKey(), trickle(randomBytes(100)), { maxBytes: MANY, sha256: 'c'.repeat(64) })
      .catch(() => undefined);
    expect(s3.requests).toHaveLength(before);
  });

  it('leaves no upload in parts behind a failure', async () => {
    await store.dropUnfinished(new Date(Date.now() + 60_000), false);
    const bytes = trickle(randomBytes(11 * 1024 * 1024));
    await store.put(freshKey(), bytes, { maxBytes: MANY, sha256: 'd'.repeat(64) }).catch(() => undefined);
    await until(() => s3.bucket.uploads.size === 0);
  });

  it.each(['down', 'silent', 'failing'] as const)(
    'answers unavailable within 2 s of a store that is %s, and without asking it once that is known',
    async (kind) => {
      const bytes = randomBytes(100);
      store = newStore({ timeout: 1_500 });
      s3.suffer({ kind });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const { ms, failure } = await timed(() => put(store, bytes));
        expect(failure).toMatchObject({ code: 'unavailable', options: { retryAfter: expect.any(Number) } });
        expect(ms).toBeLessThan(whenBusy(2_000));
      }
      const asked: number[] = [];
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const before = s3.requests.length;
        await expect(put(store, bytes)).rejects.toMatchObject({ code: 'unavailable' });
        asked.push(s3.requests.length - before);
      }
      // All but the probes.
      expect(Math.min(...asked)).toBe(0);
    },
  );

  it('answers unavailable for a store that refuses connections, and recovers within 10 s without a restart', async () => {
    const kept = await put(store, randomBytes(100));
    await s3.stop();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const { ms, failure } = await timed(() => store.check());
      expect(failure).toMatchObject({ code: 'unavailable' });
      expect(ms).toBeLessThan(whenBusy(2_000));
    }
    await s3.start();
    const begun = Date.now();
    await until(async () => (await timed(() => store.check())).failure === null);
    expect(Date.now() - begun).toBeLessThan(whenBusy(10_000));
    expect((await store.head(kept))?.size).toBe(100);
  });

  it('tries again once when a single request fails quickly', async () => {
    s3.suffer({ kind: 'failing', times: 1 });
    await expect(put(store, randomBytes(10))).resolves.toBeDefined();
  });

  it('takes for quick what is quick beside the time that a request may take', async () => {
    s3.suffer({ kind: 'failing', times: 1, ms: 500 });
    await expect(put(store, randomBytes(10))).resolves.toBeDefined();
    store = newStore({ timeout: 1_500 });
    s3.suffer({ kind: 'failing', times: 1, ms: 500 });
    await expect(put(store, randomBytes(10))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not take bad requests for an outage', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await store.open(freshKey()).catch(() => undefined);
    await expect(store.check()).resolves.toBeUndefined();
  });

  it('writes the object although the answer was lost once', async () => {
    s3.suffer({ kind: 'answer_lost', method: 'PUT', times: 1 });
    const bytes = randomBytes(1_000);
    const key = await put(store, bytes);
    expect(await readVerified(store, key, bytes)).toEqual(bytes);
  });

  it('never gives a whole answer of damaged or cut bytes', async () => {
    const bytes = randomBytes(300_000);
    const key = await put(store, bytes);
    for (const kind of ['damaged', 'cut'] as const) {
      s3.suffer({ kind, method: 'GET', times: 1 });
      let got = 0;
      const reading = (async () => {
        for await (const chunk of verifyingStream(await store.open(key), checksumOf(bytes), bytes.length))
          got += chunk.length;
      })();
      await expect(reading).rejects.toHaveProperty('message');
      expect(got).toBeLessThan(bytes.length);
    }
    expect(await readVerified(store, key, bytes)).toEqual(bytes);
  });

  it('does not cut a slow reader off', async () => {
    const bytes = randomBytes(8 * 1024 * 1024);
    const stream = await newStore({ timeout: 1_500 }).open(await put(store, bytes));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(checksumOf(await read(stream))).toBe(checksumOf(bytes));
  });
});

async function timed(action: () => Promise<unknown>): Promise<{ ms: number; failure: unknown }> {
  const begun = performance.now();
  const failure = await action().then(
    () => null,
    (error: unknown) => error,
  );
  return { ms: performance.now() - begun, failure };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
