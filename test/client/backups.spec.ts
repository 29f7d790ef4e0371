import { randomBytes, randomUUID } from 'node:crypto';
import type { AdiuvaClient, UploadTicket, Vault } from '@adiuva/client';
import { TestApp } from '../support/app';
import { QUICK_KDF, sdkClient } from './support/sdk-user';

let app: TestApp;
let client: AdiuvaClient;
let vault: Vault;
let chunksSent = 0;
let failAfter = Infinity;
/** What the next requests to complete come to, instead of the server's answer. */
let completing: (() => Promise<Response>)[] = [];

/** A network that breaks for good after some chunks. */
const network: typeof fetch = (input, init) => {
  if (String(input).includes('/chunks/')) {
    if (chunksSent >= failAfter) return Promise.reject(new Error('the laptop was closed'));
    chunksSent += 1;
  }
  const instead = String(input).endsWith('/complete') ? completing.shift() : undefined;
  return instead ? instead() : QUICK_KDF(input, init);
};

beforeAll(async () => {
  app = await TestApp.start();
  client = sdkClient(app, { fetch: network });
  const signedUp = await client.account.signUp({
    email: `${randomUUID()}@example.org`,
    password: 'a long walk by the sea',
  });
  vault = signedUp.vault;
  await app.setTier(signedUp.profile.id, 'pro');
});
afterAll(() => app.stop());

async function* source(plain: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < plain.length; at += 1_000_000) yield plain.subarray(at, at + 1_000_000);
}

test('a backup that was cut goes on where it was, tells its progress and comes back whole', async () => {
  const plain = randomBytes(20_000_000);
  let ticket: UploadTicket | undefined;
  const progress: number[] = [];
  const options = { version: '1', onTicket: (made: UploadTicket) => void (ticket = made) };
  failAfter = 2;
  await expect(client.backups.upload(vault, () => source(plain), options)).rejects.toThrow('closed');
  expect([chunksSent, ticket]).toEqual([2, expect.objectContaining({ uploadId: expect.any(String) })]);
  failAfter = Infinity;
  const again = {
    ...options,
    ...(ticket ? { ticket } : {}),
    onProgress: ({ sentBytes }: { sentBytes: number }) => void progress.push(sentBytes),
  };
  const id = await client.backups.upload(vault, () => source(plain), again);
  expect([chunksSent, progress.length]).toEqual([5, 5]);
  const parts: Uint8Array[] = [];
  for await (const part of client.backups.download(vault)) parts.push(part);
  expect(Buffer.concat(parts).equals(plain)).toBe(true);
  expect((await client.backups.history())[0]).toMatchObject({ id, version: '1', chunk_count: 5 });
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
