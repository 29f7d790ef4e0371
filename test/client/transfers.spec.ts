import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AdiuvaClient, ConnectionProblem, MemoryVectorCache, type PlainVector } from '@adiuva/client';
import { eventually, TestApp } from '../support/app';
import { MANIFEST } from '../marketplace/package-samples';
import { zipOf } from '../support/builders/zip';
import { QUICK_KDF, sdkUser, type SdkUser } from './support/sdk-user';

let app: TestApp;
let user: SdkUser;

beforeAll(async () => {
  app = await TestApp.start();
  user = await sdkUser(app);
});
afterAll(() => app.stop());

describe('a request', () => {
  let server: Server;
  let stall: 'headers' | 'late headers' | 'body' | 'slow body';

  beforeAll(async () => {
    server = createServer((_, response) => {
      if (stall === 'headers') return;
      if (stall === 'late headers') return void setTimeout(3_000).then(() => response.end('{}'));
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
      if (stall === 'body') return;
      let pieces = 0;
      const timer = setInterval(() => {
        pieces += 1;
        if (pieces < 15) return void response.write(' ');
        clearInterval(timer);
        response.end('"ok"}');
      }, 100);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.closeAllConnections());
  afterAll(() => void server.close());

  const client = () =>
    new AdiuvaClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/adiuva/`,
      timeoutMs: 1_000,
    });

  test.each(['headers', 'body'] as const)('fails when the %s do not come in time', async (what) => {
    stall = what;
    await expect(client().health()).rejects.toMatchObject({ name: 'ConnectionProblem', code: 'timeout' });
  });

  test('may take longer than the limit while pieces come', async () => {
    stall = 'slow body';
    expect(await client().health()).toEqual({ status: 'ok' });
  });

  test('of a large body may take longer than the limit until the headers, at 64 kbit/s', async () => {
    stall = 'late headers';
    expect(await client().chat.send({ message: 'x'.repeat(1_000_000) })).toEqual({});
    await expect(client().chat.send({ message: 'x' })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('to nowhere is a connection problem, not a TypeError', async () => {
    const nowhere = new AdiuvaClient({ baseUrl: 'http://127.0.0.1:1' });
    const error: unknown = await nowhere.health().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionProblem);
    expect(error).toMatchObject({ code: 'unreachable' });
  });

  test('that a sign-in page of a network answers is a connection problem, not a SyntaxError', async () => {
    const fetcher: typeof fetch = () => Promise.resolve(new Response('<html>Sign in to the Wi-Fi</html>'));
    const behindPortal = new AdiuvaClient({ baseUrl: 'https://api.example.org', fetch: fetcher });
    await expect(behindPortal.health()).rejects.toMatchObject({ name: 'ConnectionProblem', code: 'damaged' });
  });

  test('waits until the date that a Retry-After names', async () => {
    const asked: number[] = [];
    const later = () => new Date(Date.now() + 2_000).toUTCString();
    const fetcher: typeof fetch = () => {
      asked.push(Date.now());
      const busy = new Response('{}', { status: 503, headers: { 'retry-after': later() } });
      return Promise.resolve(asked.length === 1 ? busy : new Response('{"status":"ok"}'));
    };
    expect(await new AdiuvaClient({ baseUrl: 'https://api.example.org', fetch: fetcher }).health()).toEqual({
      status: 'ok',
    });
    const [first = 0, second = 0] = asked;
    expect(second - first).toBeGreaterThan(900);
  });

  test('has its path below the one of the base address', async () => {
    const asked: string[] = [];
    const fetcher: typeof fetch = (input) => (
      asked.push(String(input)),
      Promise.resolve(Response.json({ status: 'ok' }))
    );
    for (const baseUrl of ['https://example.org/adiuva', 'https://example.org/adiuva/', 'https://example.org'])
      await new AdiuvaClient({ baseUrl, fetch: fetcher }).health();
    expect(asked).toEqual([
      'https://example.org/adiuva/api/v1/health',
      'https://example.org/adiuva/api/v1/health',
      'https://example.org/api/v1/health',
    ]);
  });
});

test('a download continues at the byte where the connection broke', async () => {
  const plain = randomBytes(5_000_000);
  const ranges: (string | null)[] = [];
  const { client, vault } = await sdkUser(app, 'pro', {
    fetch: async (input, init) => {
      const response = await QUICK_KDF(input, init);
      if (!String(input).endsWith('/backup')) return response;
      ranges.push(new Headers(init?.headers).get('range'));
      if (ranges.length > 3) return response;
      let sent = 0;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          sent += piece.length;
          if (sent > 1_000_000) controller.error(new TypeError('terminated'));
          else controller.enqueue(piece);
        },
      });
      return new Response(response.body?.pipeThrough(cut), { status: response.status, headers: response.headers });
    },
  });
  async function* source() {
    yield plain;
  }
  await client.backups.upload(vault, source, { version: '1' });
  const parts: Uint8Array[] = [];
  for await (const part of client.backups.download(vault)) parts.push(part);
  expect(Buffer.concat(parts).equals(plain)).toBe(true);
  expect(ranges).toEqual([null, ...Array.from({ length: 3 }, () => expect.stringMatching(/^bytes=[1-9]\d*-$/))]);
});

describe('vectors', () => {
  const COLLECTION = { name: 'notes', mode: 'local', model: 'test', dim: 4 } as const;
  const item = (vector: number[]): PlainVector => ({ id: 'n1', vector });

  test.each([[[1, 2, 3]], [[1, 2, 3, 4, 5]], [[1, NaN, 3, 4]], [[1, 2, Infinity, 4]]])(
    '%p are refused',
    async (vector) => {
      const collection = await user.client.collections.open(user.vault, COLLECTION);
      await expect(collection.upsert([item([1, 2, 3, 4]), item(vector)])).rejects.toThrow(RangeError);
      await expect(collection.search(vector)).rejects.toThrow(RangeError);
    },
  );

  test('that this device stored are found immediately, and deleted ones no longer', async () => {
    const collection = await user.client.collections.open(user.vault, COLLECTION);
    await collection.upsert([item([1, 2, 3, 4])]);
    expect((await collection.search([1, 2, 3, 4], 1))[0]?.id).toBe('n1');
    await collection.delete(['n1']);
    expect(await collection.search([1, 2, 3, 4], 1)).toEqual([]);
    await collection.upsert([item([4, 3, 2, 1])]);
    expect(await collection.sync()).toBeGreaterThan(0);
    expect(await collection.search([4, 3, 2, 1], 5)).toHaveLength(1);
  });

  test('that are deleted while a sync is in progress are not found afterwards', async () => {
    let [reads, release] = [0, (): void => undefined];
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { client, vault } = await sdkUser(app, 'pro', {
      fetch: async (input, init) => {
        const response = await QUICK_KDF(input, init);
        if (!String(input).includes('/storage/vectors/changes')) return response;
        reads += 1;
        if (reads === 1) await gate;
        return response;
      },
    });
    await (await client.collections.open(vault, COLLECTION)).upsert([item([1, 2, 3, 4])]);
    const here = await client.collections.open(vault, COLLECTION);
    const first = here.sync();
    await eventually(() => reads === 1);
    const changes = Promise.all([here.delete(['n1']), here.sync()]);
    // A second is enough for both, if they do not wait for the page that is on its way.
    await Promise.race([changes, setTimeout(1_000)]);
    release();
    await Promise.all([first, changes]);
    expect(await here.search([1, 2, 3, 4], 1)).toEqual([]);
  });

  test('that are deleted while the cache is read are not found afterwards', async () => {
    const cache = new MemoryVectorCache();
    const wanted = { ...COLLECTION, name: 'held' };
    await (await user.client.collections.open(user.vault, wanted, cache)).upsert([item([1, 2, 3, 4])]);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const kept = await cache.get(['n1']);
    jest.spyOn(cache, 'all').mockImplementation(async function* () {
      await gate;
      yield* kept;
    });
    const get = jest.spyOn(cache, 'get');
    const collection = await user.client.collections.open(user.vault, wanted, cache);
    const first = collection.search([1, 2, 3, 4], 1);
    const deleted = collection.delete(['n1']);
    // Later than a deletion that does not wait.
    await (await user.client.collections.open(user.vault, wanted)).delete(['n2']);
    release();
    await Promise.all([first, deleted]);
    await collection.search([1, 2, 3, 4], 1);
    expect(get.mock.lastCall).toEqual([[]]);
  });

  test('that wait for a sync are given up when the user stops them', async () => {
    let [asked, release] = [false, (): void => undefined];
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { client, vault } = await sdkUser(app, 'pro', {
      fetch: async (input, init) => {
        if (!String(input).includes('/storage/vectors/changes')) return QUICK_KDF(input, init);
        asked = true;
        await gate;
        return QUICK_KDF(input, init);
      },
    });
    const collection = await client.collections.open(vault, COLLECTION);
    const sync = collection.sync();
    await eventually(() => asked);
    const stopped = new AbortController();
    let failure: unknown;
    void collection.upsert([item([1, 2, 3, 4])], stopped.signal).catch((error: unknown) => (failure = error));
    stopped.abort(new Error('the user pressed stop'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(failure).toBe(stopped.signal.reason);
    release();
    expect(await sync).toBe(0);
    expect(await collection.search([1, 2, 3, 4], 1)).toEqual([]);
  });

  test('of a cache that fails once are read again', async () => {
    const cache = new MemoryVectorCache();
    const stored = await user.client.collections.open(user.vault, { ...COLLECTION, name: 'cached' }, cache);
    await stored.upsert([item([1, 2, 3, 4])]);
    const reopened = await user.client.collections.open(user.vault, { ...COLLECTION, name: 'cached' }, cache);
    jest.spyOn(cache, 'all').mockImplementationOnce(() => {
      throw new Error('the database is locked');
    });
    await expect(reopened.search([1, 2, 3, 4], 1)).rejects.toThrow('the database is locked');
    expect((await reopened.search([1, 2, 3, 4], 1))[0]?.id).toBe('n1');
  });
});

test('a plugin is published with what the types ask for', async () => {
  const zip = new Blob([Uint8Array.from(zipOf({ 'main.js': 'export const run = () => 1;' }))]);
  const { name, description, author, permissions, category } = MANIFEST;
  const manifest = { name, description, author, permissions, category, version: '1.0.0', price_cents: 0 };
  const submitted = await user.client.plugins.publish(manifest, zip);
  expect(submitted).toMatchObject({ version: '1.0.0', status: 'pending_review' });
});
