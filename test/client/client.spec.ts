import { createHash, randomUUID } from 'node:crypto';
import {
  ApiProblem,
  isVouchedFor,
  MemorySyncStore,
  MemoryTokenStore,
  MemoryVectorCache,
  newSealingPair,
  type AdiuvaClient,
  type Vault,
} from '@adiuva/client';
import { Database } from '@adiuva/platform';
import { TestApp } from '../support/app';
import { QUICK_KDF, sdkClient } from './support/sdk-user';

const PASSWORD = 'a long walk by the sea';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let app: TestApp;
let counter = 0;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

interface Signed {
  readonly client: AdiuvaClient;
  readonly vault: Vault;
  readonly email: string;
  readonly recoveryWords: string;
}

function newClient(fetcher?: typeof fetch): AdiuvaClient {
  return sdkClient(app, fetcher ? { fetch: fetcher } : {});
}

async function signedUp(): Promise<Signed> {
  counter += 1;
  const email = `sdk-${counter}-${randomUUID()}@example.org`;
  const client = newClient();
  const { vault, profile, recoveryWords } = await client.account.signUp({ email, password: PASSWORD });
  await app.setTier(profile.id, 'pro');
  return { client, vault, email, recoveryWords };
}

async function note(store: MemorySyncStore, text: string): Promise<string> {
  const id = randomUUID();
  await store.write('notes', id, encoder.encode(text));
  return id;
}

function textOf(store: MemorySyncStore, id: string): string | undefined {
  const data = store.records.get(id)?.data;
  return data ? decoder.decode(data) : undefined;
}

describe('an account', () => {
  test('opens on a second device with the password, and with the recovery words', async () => {
    const { vault, email, recoveryWords } = await signedUp();
    const second = newClient();
    const signedIn = await second.account.signIn({ email, password: PASSWORD });
    expect(signedIn.vault.key('records')).toEqual(vault.key('records'));
    expect((await second.account.unlock(recoveryWords)).vault.key('records')).toEqual(vault.key('records'));
    await expect(newClient().account.signIn({ email, password: 'something else' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
  });

  test('keeps its keys when the password changes', async () => {
    const { client, vault, email } = await signedUp();
    await client.account.changePassword(vault, email, PASSWORD, 'another walk by the sea');
    const second = newClient();
    const signedIn = await second.account.signIn({ email, password: 'another walk by the sea' });
    expect(signedIn.vault.key('records')).toEqual(vault.key('records'));
    await expect(newClient().account.signIn({ email, password: PASSWORD })).rejects.toMatchObject({ status: 401 });
  });

  test('vouches for its devices', async () => {
    const { client, vault } = await signedUp();
    const device = newSealingPair();
    await client.account.registerDevice(vault, 'Laptop', device);
    const [listed] = await client.account.devices();
    const bytes = (text: string | null | undefined) => Buffer.from(text ?? '', 'base64');
    const identity = await client.account.identityKey(vault);
    expect(isVouchedFor(identity, vault.userId, bytes(listed?.public_key), bytes(listed?.signature))).toBe(true);
  });
});

describe('a session', () => {
  test('is renewed once for many requests that meet a spent token', async () => {
    const { email } = await signedUp();
    const tokens = new MemoryTokenStore();
    let refreshes = 0;
    const counting: typeof fetch = (input, init) => {
      if (String(input).endsWith('/auth/refresh')) refreshes += 1;
      return QUICK_KDF(input, init);
    };
    const client = sdkClient(app, { tokens, fetch: counting });
    await client.account.signIn({ email, password: PASSWORD });
    const held = await tokens.load();
    const reopened = sdkClient(app, {
      fetch: counting,
      tokens: Object.assign(new MemoryTokenStore(), {
        load: () => Promise.resolve(held && { ...held, access_token: 'spent' }),
      }),
    });
    const profiles = await Promise.all(Array.from({ length: 10 }, () => reopened.account.profile()));
    expect([new Set(profiles.map(({ id }) => id)).size, refreshes]).toEqual([1, 1]);
  });

  test('that has ended says so', async () => {
    const { client } = await signedUp();
    await client.account.signOut();
    await expect(client.account.profile()).rejects.toThrow(ApiProblem);
  });

  test('survives a connection that breaks on the way', async () => {
    const { email } = await signedUp();
    let cuts = 2;
    const client = newClient((input, init) =>
      cuts-- > 0 ? Promise.reject(new TypeError('fetch failed')) : QUICK_KDF(input, init),
    );
    cuts = 0;
    await client.account.signIn({ email, password: PASSWORD });
    cuts = 2;
    await expect(client.account.profile()).resolves.toMatchObject({ email });
  });
});

describe('sync', () => {
  test('brings two devices to the same records', async () => {
    const { client, vault } = await signedUp();
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const [milk, eggs] = [await note(one, 'milk'), await note(one, 'eggs')];
    expect(await client.sync(vault, one)).toMatchObject({ pushed: 2, conflicts: 0 });
    expect(await client.sync(vault, two)).toMatchObject({ pulled: 2, pushed: 0 });
    expect([textOf(two, milk), textOf(two, eggs)]).toEqual(['milk', 'eggs']);
    await two.write('notes', milk, encoder.encode('oat milk'));
    await two.delete(eggs);
    await client.sync(vault, two);
    await client.sync(vault, one);
    expect([textOf(one, milk), textOf(one, eggs)]).toEqual(['oat milk', undefined]);
    expect([...one.records.values()].every(({ dirty }) => !dirty)).toBe(true);
  });

  test('asks what shall stand when both have changed a record', async () => {
    const { client, vault } = await signedUp();
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const shared = await note(one, 'first');
    await client.sync(vault, one);
    await client.sync(vault, two);
    await one.write('notes', shared, encoder.encode('mine'));
    await client.sync(vault, one);
    await two.write('notes', shared, encoder.encode('theirs'));
    const seen: string[] = [];
    const report = await client.sync(vault, two, {
      onConflict: ({ mine, theirs }) => {
        seen.push(decoder.decode(mine.data ?? new Uint8Array()), decoder.decode(theirs.data ?? new Uint8Array()));
        return encoder.encode('both');
      },
    });
    expect([seen, report.conflicts]).toEqual([['theirs', 'mine'], 1]);
    await client.sync(vault, one);
    expect([textOf(one, shared), textOf(two, shared)]).toEqual(['both', 'both']);
  });

  test('refuses records that a server has swapped', async () => {
    const { client, vault } = await signedUp();
    const [store, fresh] = [new MemorySyncStore(), new MemorySyncStore()];
    const [a, b] = [await note(store, 'a'), await note(store, 'b')];
    await client.sync(vault, store);
    await app.nest.get(Database).query(
      `UPDATE records AS r SET object_key = o.object_key, checksum = o.checksum, size_bytes = o.size_bytes FROM records AS o
       WHERE r.id = $1 AND o.id = $2`,
      [a, b],
    );
    const { failures } = await client.sync(vault, fresh);
    expect(failures.map(({ id, code }) => [id, code])).toEqual([[a, 'cannot_decrypt']]);
    expect([textOf(fresh, a), textOf(fresh, b)]).toEqual([undefined, 'b']);
  });
});

describe('a collection of vectors', () => {
  const DIM = 64;
  const vectorOf = (seed: number) =>
    Float32Array.from(createHash('sha512').update(String(seed)).digest(), (byte) => byte - 127.5);
  const items = Array.from({ length: 60 }, (_, i) => ({
    id: `n${i}`,
    vector: vectorOf(i),
    metadata: { title: `note ${i}` },
  }));

  test.each(['local', 'sketch'] as const)('is searched in %s mode, from another device too', async (mode) => {
    const { client, vault, email } = await signedUp();
    const wanted = { name: 'notes', mode, model: 'test', dim: DIM };
    const here = await client.collections.open(vault, wanted);
    await here.upsert(items);
    const second = newClient();
    const other = await second.account.signIn({ email, password: PASSWORD });
    const there = await second.collections.open(other.vault, wanted, new MemoryVectorCache());
    if (mode === 'local') expect(await there.sync()).toBe(60);
    const [best, next] = await there.search(vectorOf(7), 5);
    expect(best).toEqual({ id: 'n7', score: expect.closeTo(1, 3), metadata: { title: 'note 7' } });
    expect(next?.score).toBeLessThan(0.9);
    await here.delete(['n7']);
    if (mode === 'local') await there.sync();
    expect((await there.search(vectorOf(7), 60)).some(({ id }) => id === 'n7')).toBe(false);
  });

  test('with settings that the server has changed does not open', async () => {
    const { client, vault } = await signedUp();
    const wanted = { name: 'notes', mode: 'sketch', model: 'test', dim: DIM } as const;
    await client.collections.open(vault, wanted);
    await app.nest
      .get(Database)
      .query(
        `UPDATE vector_collections SET wrapped_keys = replace(wrapped_keys, '"beta":704', '"beta":0') WHERE user_id = $1`,
        [vault.userId],
      );
    await expect(client.collections.open(vault, wanted)).rejects.toThrow(/cannot be opened/);
  });

  test('does not open with the keys of another one, which would open', async () => {
    const { client, vault } = await signedUp();
    const wanted = { mode: 'local', model: 'test', dim: DIM } as const;
    await client.collections.open(vault, { ...wanted, name: 'notes' });
    await client.collections.open(vault, { ...wanted, name: 'public' });
    const database = app.nest.get(Database);
    await database.query(
      `UPDATE vector_collections SET wrapped_keys = (SELECT wrapped_keys FROM vector_collections WHERE user_id = $1 AND name = 'public')
       WHERE user_id = $1 AND name = 'notes'`,
      [vault.userId],
    );
    await expect(client.collections.open(vault, { ...wanted, name: 'notes' })).rejects.toThrow(
      /no keys of this client/,
    );
  });

  test('keeps nothing of a page that does not open, so that a later sync goes on', async () => {
    const { client, vault, email } = await signedUp();
    const wanted = { name: 'notes', mode: 'local', model: 'test', dim: DIM } as const;
    await (await client.collections.open(vault, wanted)).upsert(items.slice(0, 3));
    let lie = true;
    const lying = newClient(async (input, init) => {
      const answer = await QUICK_KDF(input, init);
      if (!lie || !String(input instanceof Request ? input.url : input).includes('/changes')) return answer;
      const blobs: string[] = [];
      const text = (await answer.text()).replace(/"blob":"([^"]*)"/g, (_, blob: string) => {
        blobs.push(blob);
        return `"blob":"${blobs[0]}"`;
      });
      return new Response(text, { headers: answer.headers });
    });
    await lying.account.signIn({ email, password: PASSWORD });
    const cache = new MemoryVectorCache();
    const first = await lying.collections.open(vault, wanted, cache);
    await expect(first.sync()).rejects.toThrow();
    lie = false;
    const second = await lying.collections.open(vault, wanted, cache);
    expect(await second.sync()).toBe(3);
    expect((await second.search(vectorOf(1), 1))[0]?.id).toBe('n1');
  });

  test('goes on being searched while its keys change', async () => {
    const { client, vault } = await signedUp();
    const wanted = { name: 'notes', mode: 'sketch', model: 'test', dim: DIM } as const;
    await (await client.collections.open(vault, wanted)).upsert(items);
    const rotated = await client.collections.rotate(vault, wanted);
    expect((await rotated.search(vectorOf(9), 1))[0]?.id).toBe('n9');
    await rotated.upsert(items.slice(0, 30));
    expect((await rotated.search(vectorOf(9), 1))[0]?.id).toBe('n9');
    expect((await rotated.search(vectorOf(50), 1))[0]?.id).toBe('n50');
  });
});

describe('a streamed chat', () => {
  test('gives its tokens and then the whole answer', async () => {
    const { client } = await signedUp();
    let text = '';
    for await (const event of client.chats.stream({ message: 'remind me to call Anna tomorrow at 5' })) {
      if (event.type === 'token') text += event.text;
      else expect([event.response, event.actions?.[0]?.type]).toEqual([text, 'create_record']);
    }
    expect(text).not.toBe('');
    client.close();
  });

  test('is refused with the problem that the server names', async () => {
    const { client } = await signedUp();
    const events = client.chats.stream({ message: '' });
    await expect(events.next()).rejects.toMatchObject({ code: 'validation_failed' });
    client.close();
  });
});

test('what the client stores is found nowhere on the server in plain', async () => {
  const { client, vault } = await signedUp();
  const canary = `canary-${randomUUID()}`;
  const store = new MemorySyncStore();
  await note(store, canary);
  await client.sync(vault, store);
  const collection = await client.collections.open(vault, { name: 'secrets', mode: 'sketch', model: 'test', dim: 8 });
  await collection.upsert([{ id: 'x', vector: [1, 2, 3, 4, 5, 6, 7, 8], metadata: { canary } }]);
  const database = app.nest.get(Database);
  const tables = await database.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const seek = async (text: string) => {
    const hits = await Promise.all(
      tables.map(
        async ({ name }) =>
          (await database.query(`SELECT 1 FROM ${name} AS t WHERE position($1 in t::text) > 0 LIMIT 1`, [text])).length,
      ),
    );
    return hits.reduce((sum, hit) => sum + hit, 0);
  };
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  expect(await seek('secrets')).toBeGreaterThan(0);
  for (const secret of [canary, hex(encoder.encode(canary)), PASSWORD, hex(vault.key('records'))])
    expect(await seek(secret)).toBe(0);
  expect(app.log.join('').includes(canary)).toBe(false);
  client.close();
});
