import { MemorySyncStore } from '@adiuva/client';
import { TestApp, whenBusy } from '../support/app';
import { PASSWORD, QUICK_KDF, sdkClient, sdkUser, writeNote } from './support/sdk-user';

/** The limits of a real server, and not those of the other tests. */
const PRODUCTION = { RATE_LIMIT_PRO: '60', SYNC_LIMIT_MIB: '256' };

test('10,000 notes reach a new device on Pro within a minute, with its requests a minute', async () => {
  const app = await TestApp.start(PRODUCTION);
  const { client, vault, email } = await sdkUser(app);
  const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
  for (let i = 0; i < 10_000; i += 1) await writeNote(one, `note ${i} `.repeat(40));
  await client.sync(vault, one);
  const second = sdkClient(app);
  const signedIn = await second.account.signIn({ email, password: PASSWORD });
  const started = Date.now();
  const { pulled, failures } = await second.sync(signedIn.vault, two);
  expect([pulled, failures.length]).toEqual([10_000, 0]);
  expect(Date.now() - started).toBeLessThan(whenBusy(60_000));
  await app.stop();
});

test('a sync that is over its budget waits and keeps its place', async () => {
  const app = await TestApp.start({ SYNC_LIMIT_MIB: '1' });
  let refused = 0;
  const { client, vault } = await sdkUser(app, 'pro', {
    fetch: async (input, init) => {
      const response = await QUICK_KDF(input, init);
      if (response.status !== 429) return response;
      refused += 1;
      // The same refusal with a shorter wait, so that the test takes a second and not a minute.
      const headers = new Headers(response.headers);
      headers.set('retry-after', '0');
      return new Response(response.body, { status: 429, headers });
    },
  });
  const store = new MemorySyncStore();
  await writeNote(store, 'a note');
  const controller = new AbortController();
  await client.sync(vault, store);
  for (let i = 0; i < 3; i += 1) await client.sync(vault, store);
  const waiting = client.sync(vault, store, { signal: controller.signal });
  while (refused < 5) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await app.stop();
});
