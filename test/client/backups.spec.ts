import { randomBytes, randomUUID } from 'node:crypto';
import type { AdiuvaClient, UploadTicket, Vault } from '@adiuva/client';
import { TestApp } from '../support/app';
import { PASSWORD, QUICK_KDF, sdkClient } from './support/sdk-user';

const MIB = 1_048_576;
const ACCOUNT = { email: `${randomUUID()}@example.org`, password: PASSWORD };

let app: TestApp;
let client: AdiuvaClient;
let vault: Vault;
let chunksSent = 0;
let failAfter = Infinity;
/** What the next requests to complete come to, instead of the server's answer. */
let completing: (() => Promise<Response>)[] = [];

/** Bytes a millisecond. */
let linkRate = 500;
let clock = 0;
/** Of each upload that began. */
let chunkSizes: number[] = [];
/** Whether no upload can be aborted. */
let keepsUploads = false;

/** A network of which only the upload of chunks takes time, and that breaks for good after some. */
const network: typeof fetch = (input, init) => {
  if (String(input).includes('/chunks/')) {
    if (chunksSent >= failAfter) return Promise.reject(new Error('the laptop was closed'));
    chunksSent += 1;
    clock += (init?.body as Uint8Array).length / linkRate;
  }
  if (String(input).endsWith('/backup/uploads')) chunkSizes.push(JSON.parse(String(init?.body)).chunk_size);
  if (init?.method === 'DELETE' && keepsUploads) return Promise.reject(new Error('the laptop was closed'));
  const instead = String(input).endsWith('/complete') ? completing.shift() : undefined;
  return instead ? instead() : QUICK_KDF(input, init);
};

beforeAll(async () => {
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
  app = await TestApp.start();
  client = device();
  const signedUp = await client.account.signUp(ACCOUNT);
  vault = signedUp.vault;
  await app.setTier(signedUp.profile.id, 'pro');
});
afterAll(() => app.stop());
afterAll(() => jest.restoreAllMocks());
beforeEach(() => {
  [chunksSent, chunkSizes] = [0, []];
});

/** A client that does not know its link. */
function device(): AdiuvaClient {
  return sdkClient(app, { fetch: network });
}

async function* source(plain: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < plain.length; at += 1_000_000) yield plain.subarray(at, at + 1_000_000);
}

test('a backup that was cut goes on where it was, tells its progress and comes back whole', async () => {
  const plain = randomBytes(20_000_000);
  linkRate = 500;
  let ticket: UploadTicket | undefined;
  const progress: number[] = [];
  const options = { version: '1', onTicket: (made: UploadTicket) => void (ticket = made) };
  // The first measures the link.
  failAfter = 3;
  await expect(client.backups.upload(vault, () => source(plain), options)).rejects.toThrow('closed');
  expect([chunksSent, ticket]).toEqual([3, expect.objectContaining({ uploadId: expect.any(String) })]);
  failAfter = Infinity;
  const again = {
    ...options,
    ...(ticket ? { ticket } : {}),
    onProgress: ({ sentBytes }: { sentBytes: number }) => void progress.push(sentBytes),
  };
  const id = await client.backups.upload(vault, () => source(plain), again);
  expect([chunksSent, progress.length]).toEqual([6, 5]);
  const parts: Uint8Array[] = [];
  for await (const part of client.backups.download(vault)) parts.push(part);
  expect(Buffer.concat(parts).equals(plain)).toBe(true);
  expect((await client.backups.history())[0]).toMatchObject({ id, version: '1', chunk_count: 5 });
});

test.each([
  ['0.1 Mbit/s', 12.5, [MIB, MIB / 4]],
  ['0.5 Mbit/s', 62.5, [MIB, MIB / 2]],
  ['1 Mbit/s', 125, [MIB, MIB]],
  ['4 Mbit/s', 500, [MIB, 4.75 * MIB, 4.75 * MIB]],
  ['100 Mbit/s', 12_500, [MIB, 32 * MIB, 32 * MIB]],
])('over a link of %s two backups are cut into chunks of about ten seconds', async (_, rate, sizes) => {
  linkRate = rate;
  const plain = randomBytes(2 * MIB);
  const other = device();
  await other.account.signIn(ACCOUNT);
  for (const version of ['1', '2']) await other.backups.upload(vault, () => source(plain), { version });
  expect(chunkSizes).toEqual(sizes);
});

test('a first backup is stored in small chunks where the upload that measured the link cannot be given up', async () => {
  linkRate = 500;
  keepsUploads = true;
  const plain = randomBytes(3 * MIB);
  const other = device();
  await other.account.signIn(ACCOUNT);
  await other.backups.upload(vault, () => source(plain), { version: '3' });
  keepsUploads = false;
  expect(chunkSizes).toEqual([MIB]);
  const parts: Uint8Array[] = [];
  for await (const part of other.backups.download(vault)) parts.push(part);
  expect(Buffer.concat(parts).equals(plain)).toBe(true);
});

test('completing is asked for again until it is done, through timeouts, lost connections and proxies', async () => {
  const plain = randomBytes(1_000);
  const soon = (status: number) => () => Promise.resolve(new Response('', { status, headers: { 'retry-after': '0' } }));
  completing = [
    () => Promise.reject(new TypeError('fetch failed')),
    () => Promise.reject(new DOMException('too slow', 'TimeoutError')),
    soon(503),
    soon(504),
    soon(502),
    soon(429),
  ];
  const id = await client.backups.upload(vault, () => source(plain), { version: '2' });
  expect(completing).toEqual([]);
  expect((await client.backups.history())[0]).toMatchObject({ id, version: '2' });
});

test('completing ends when the caller stops it, or when the server refuses', async () => {
  const stop = new AbortController();
  completing = [() => (setImmediate(() => stop.abort()), Promise.reject(new TypeError('fetch failed')))];
  const stopped = client.backups.upload(vault, () => source(randomBytes(1_000)), { version: '3', signal: stop.signal });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  completing = [() => Promise.resolve(Response.json({ code: 'checksum_mismatch' }, { status: 400 }))];
  const refused = client.backups.upload(vault, () => source(randomBytes(1_000)), { version: '4' });
  await expect(refused).rejects.toMatchObject({ code: 'checksum_mismatch' });
});
