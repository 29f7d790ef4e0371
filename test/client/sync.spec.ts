import { randomBytes, randomUUID } from 'node:crypto';
import {
  MemorySyncStore,
  VaultMismatchError,
  type AdiuvaClient,
  type RecordChange,
  type SyncStore,
} from '@adiuva/client';
import { Database } from '@adiuva/platform';
import { TestApp } from '../support/app';
import { PASSWORD, QUICK_KDF, sdkClient, sdkUser, textOf, writeNote, type SdkUser } from './support/sdk-user';

const MIB = 1024 * 1024;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

let app: TestApp;
let user: SdkUser;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());
beforeEach(async () => {
  user = await sdkUser(app);
});

/** A device whose responses of a path pass through `edit` first. */
async function deviceWith(path: string, edit: (text: string) => string | Promise<string>): Promise<AdiuvaClient> {
  const client = sdkClient(app, {
    fetch: async (input, init) => {
      const response = await QUICK_KDF(input, init);
      if (!String(input).includes(path)) return response;
      return new Response(await edit(await response.text()), { status: response.status, headers: response.headers });
    },
  });
  await client.account.signIn({ email: user.email, password: PASSWORD });
  return client;
}

async function synced(store: SyncStore): Promise<void> {
  expect((await user.client.sync(user.vault, store)).failures).toEqual([]);
}

describe('an edit of this device', () => {
  test('is kept when it happens while a pull is in progress, and the conflict is asked', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const id = await writeNote(one, 'first');
    await synced(one);
    await synced(two);
    await writeNote(one, 'of one', id);
    await synced(one);
    const asked: string[] = [];
    const slow = await deviceWith('/storage/changes', async (text) => {
      if (asked.length === 0) await writeNote(two, 'of two', id);
      return text;
    });
    await slow.sync(user.vault, two, {
      onConflict: ({ mine, theirs }) => {
        asked.push(
          `${new TextDecoder().decode(mine.data ?? undefined)} | ${new TextDecoder().decode(theirs.data ?? undefined)}`,
        );
        return bytesOf('of both');
      },
    });
    await synced(one);
    expect([asked, await textOf(one, id), await textOf(two, id)]).toEqual([['of two | of one'], 'of both', 'of both']);
  });

  test('is kept when it happens while the conflict is being resolved', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const id = await writeNote(one, 'first');
    await synced(one);
    await synced(two);
    await writeNote(one, 'of one', id);
    await synced(one);
    await writeNote(two, 'of two', id);
    let calls = 0;
    await user.client.sync(user.vault, two, {
      onConflict: async ({ mine }) => {
        calls += 1;
        if (calls === 1) await writeNote(two, 'of two, again', id);
        return bytesOf(`joined: ${new TextDecoder().decode(mine.data ?? undefined)}`);
      },
    });
    expect(await textOf(two, id)).toBe('joined: of two, again');
  });

  test('is kept when it happens between the write of the store and the look before it', async () => {
    class RacingStore extends MemorySyncStore {
      race: (() => Promise<void>) | undefined;

      override async update(id: string, change: RecordChange): Promise<void> {
        const { race } = this;
        this.race = undefined;
        await race?.();
        await super.update(id, change);
      }
    }
    const [one, two] = [new MemorySyncStore(), new RacingStore()];
    const id = await writeNote(one, 'first');
    await synced(one);
    await synced(two);
    await writeNote(one, 'of one', id);
    await synced(one);
    two.race = () => writeNote(two, 'of two', id).then(() => undefined);
    await user.client.sync(user.vault, two, { onConflict: () => 'mine' });
    expect(await textOf(two, id)).toBe('of two');
  });

  test('whose acknowledgement was lost is no conflict, also when it was edited again', async () => {
    const store = new MemorySyncStore();
    const [plain, again, gone] = [
      await writeNote(store, 'a'),
      await writeNote(store, 'b'),
      await writeNote(store, 'c'),
    ];
    await synced(store);
    await writeNote(store, 'a2', plain);
    await writeNote(store, 'b2', again);
    await store.delete(gone);
    const cut = sdkClient(app, {
      fetch: async (input, init) => {
        const response = await QUICK_KDF(input, init);
        if (!String(input).endsWith('/records/batch')) return response;
        await response.arrayBuffer();
        throw new Error('the laptop was closed');
      },
    });
    await cut.account.signIn({ email: user.email, password: PASSWORD });
    await expect(cut.sync(user.vault, store)).rejects.toThrow('closed');
    await writeNote(store, 'b3', again);
    const asked: string[] = [];
    const report = await user.client.sync(user.vault, store, {
      onConflict: ({ mine }) => {
        asked.push(mine.id);
        return 'theirs';
      },
    });
    expect([asked, report.failures]).toEqual([[], []]);
    const other = new MemorySyncStore();
    await synced(other);
    expect([await textOf(other, plain), await textOf(other, again), await textOf(other, gone)]).toEqual([
      'a2',
      'b3',
      undefined,
    ]);
    expect(await store.dirtyIds()).toEqual([]);
  });

  test('of the same bytes on both devices is no conflict', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const id = await writeNote(one, 'first');
    await synced(one);
    await synced(two);
    for (const store of [one, two]) await writeNote(store, 'the same', id);
    await synced(one);
    expect((await user.client.sync(user.vault, two)).conflicts).toBe(0);
  });

  test('is sent once by two syncs of one store', async () => {
    const store = new MemorySyncStore();
    const id = await writeNote(store, 'once');
    const reports = await Promise.all([user.client.sync(user.vault, store), user.client.sync(user.vault, store)]);
    expect(reports.map(({ pushed }) => pushed)).toEqual([1, 0]);
    expect((await store.get(id))?.version).toBe(1);
  });
});

describe('a dishonest server', () => {
  const tombstoneOf = (text: string): string => {
    const page: { changes: Record<string, unknown>[] } = JSON.parse(text);
    const changes = page.changes.map(({ id, table, version }) => ({
      id,
      table,
      version: Number(version) + 1,
      checksum: null,
      deleted: true,
      updated_at: 1,
    }));
    return JSON.stringify({ ...page, changes });
  };

  test('cannot delete a record: a deletion without a tombstone of the account is reported', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const id = await writeNote(one, 'precious');
    await synced(one);
    await synced(two);
    await writeNote(one, 'changed', id);
    await synced(one);
    for (const [forged, code] of [
      [tombstoneOf, 'unproven_deletion'],
      [
        (text: string) => tombstoneOf(text).replace(/"deleted":true/g, '"deleted":true,"tombstone":"AAAA"'),
        'cannot_decrypt',
      ],
    ] as const) {
      const copy = new MemorySyncStore();
      for (const record of two.records.values()) await copy.update(record.id, () => record);
      await copy.saveState((await two.state()) ?? '');
      const lying = await deviceWith('/storage/changes', forged);
      const { failures } = await lying.sync(user.vault, copy);
      expect([failures.map((failure) => failure.code), await textOf(copy, id)]).toEqual([[code], 'precious']);
    }
  });

  test('cannot bring back an old version, not even of a deleted record', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const id = await writeNote(one, 'old');
    await synced(one);
    let page = '';
    const recording = await deviceWith('/storage/changes', (text) => (page ||= text));
    await recording.sync(user.vault, two);
    await one.delete(id);
    await synced(one);
    await synced(two);
    expect(await two.get(id)).toMatchObject({ data: null, version: 2 });
    await (
      await deviceWith('/storage/changes', () => page.replace('"has_more":true', '"has_more":false'))
    ).sync(user.vault, two);
    expect(await textOf(two, id)).toBeUndefined();
  });

  test.each([2 ** 53 - 1, 2 ** 31, 0.5, -1])('cannot make a record unsealable with the version %p', async (version) => {
    const store = new MemorySyncStore();
    const id = await writeNote(store, 'mine');
    const lying = await deviceWith('/records/batch', (text) => text.replace(/"version":1/g, `"version":${version}`));
    const { failures } = await lying.sync(user.vault, store);
    expect(failures).toMatchObject([{ id, code: 'malformed' }]);
    await synced(store);
    await writeNote(store, 'mine, later', id);
    await synced(store);
    expect(await store.get(id)).toMatchObject({ version: 2, dirty: false });
  });

  test('cannot empty a device by saying that the cursor is too old', async () => {
    const store = new MemorySyncStore();
    const id = await writeNote(store, 'kept');
    await synced(store);
    await app.nest.get(Database).query('DELETE FROM record_changes WHERE user_id = $1', [user.vault.userId]);
    await app.nest.get(Database).query('DELETE FROM records WHERE user_id = $1', [user.vault.userId]);
    let expired = true;
    const client = sdkClient(app, {
      fetch: (input, init) => {
        if (!expired || !String(input).includes('/storage/changes')) return QUICK_KDF(input, init);
        expired = false;
        return Promise.resolve(Response.json({ code: 'cursor_expired', status: 410 }, { status: 410 }));
      },
    });
    await client.account.signIn({ email: user.email, password: PASSWORD });
    await client.sync(user.vault, store);
    const other = new MemorySyncStore();
    await synced(other);
    expect([await textOf(store, id), await textOf(other, id)]).toEqual(['kept', 'kept']);
  });
});

describe('one record that fails', () => {
  test('because it is too large does not stop those behind it', async () => {
    const store = new MemorySyncStore();
    const large = randomUUID();
    await store.write('notes', large, randomBytes(26 * MIB));
    const small = await writeNote(store, 'small');
    const { failures, pushed } = await user.client.sync(user.vault, store);
    expect([pushed, failures.map(({ id, code }) => [id, code])]).toEqual([1, [[large, 'payload_too_large']]]);
    expect((await store.get(small))?.dirty).toBe(false);
    await writeNote(store, 'now small', large);
    await synced(store);
  });

  test('because the server keeps refusing its version is reported, and sent with the next sync', async () => {
    const store = new MemorySyncStore();
    const id = await writeNote(store, 'first');
    await synced(store);
    await writeNote(store, 'second', id);
    const refusing = sdkClient(app, {
      fetch: (input, init) => {
        if (!String(input).endsWith('/storage/records/batch')) return QUICK_KDF(input, init);
        const results = [{ id, status: 412, code: 'precondition_failed' }];
        return Promise.resolve(new Response(JSON.stringify({ results })));
      },
    });
    await refusing.account.signIn({ email: user.email, password: PASSWORD });
    const { failures } = await refusing.sync(user.vault, store);
    expect(failures).toEqual([expect.objectContaining({ id, table: 'notes', code: 'precondition_failed' })]);
    await synced(store);
    expect((await store.get(id))?.dirty).toBe(false);
  });

  test('because it cannot be opened does not stop the others, and is tried again with the next sync', async () => {
    const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
    const ids = [await writeNote(one, 'a'), await writeNote(one, 'b'), await writeNote(one, 'c')];
    await synced(one);
    const damaged = await deviceWith('/storage/changes', (text) => {
      const page: { changes: { id: string; blob: string }[] } = JSON.parse(text);
      const changes = page.changes.map((change) => (change.id === ids[1] ? { ...change, blob: 'AAAA' } : change));
      return JSON.stringify({ ...page, changes });
    });
    const { failures } = await damaged.sync(user.vault, two);
    expect(failures.map(({ id, code }) => [id, code])).toEqual([[ids[1], 'cannot_decrypt']]);
    expect(await Promise.all(ids.map((id) => textOf(two, id)))).toEqual(['a', undefined, 'c']);
    await synced(two);
    expect(await Promise.all(ids.map((id) => textOf(two, id)))).toEqual(['a', 'b', 'c']);
  });
});

test('records of every size reach a second device', async () => {
  const [one, two] = [new MemorySyncStore(), new MemorySyncStore()];
  const sizes = [0, 1, 16 * 1024, 17 * 1024, MIB, 3 * MIB, 3 * MIB, 3 * MIB, 9 * MIB];
  const ids = sizes.map(() => randomUUID());
  for (const [i, id] of ids.entries()) await one.write('notes', id, new Uint8Array(sizes[i] ?? 0).fill(i));
  await synced(one);
  await synced(two);
  for (const [i, id] of ids.entries()) {
    const data = (await two.get(id))?.data;
    expect([data?.length, data?.at(-1)]).toEqual([sizes[i], sizes[i] ? i : undefined]);
  }
});

test('an acknowledgement that arrives after another tab has pulled a later version does not take that back', async () => {
  const [store, two] = [new MemorySyncStore(), new MemorySyncStore()];
  // The same records, as two tabs have them in IndexedDB.
  const otherTab: MemorySyncStore = Object.create(store);
  const id = await writeNote(store, 'first');
  await synced(store);
  let late: Promise<void> | undefined;
  const slow = await deviceWith('/storage/records/batch', async (text) => {
    await (late ??= (async () => {
      await synced(two);
      await writeNote(two, 'third', id);
      await synced(two);
      await synced(otherTab);
    })());
    return text;
  });
  await writeNote(store, 'second', id);
  await slow.sync(user.vault, store);
  await writeNote(store, 'fourth', id);
  await synced(store);
  await synced(two);
  expect(await textOf(two, id)).toBe('fourth');
});

test('a sync with the vault of another user than the one who is signed in reads and writes nothing', async () => {
  const [before, after] = [await sdkUser(app), await sdkUser(app)];
  const store = new MemorySyncStore();
  await writeNote(store, 'of the user before');
  const kept = [...store.records.values()];
  await before.client.account.signIn({ email: after.email, password: PASSWORD });
  const synced = before.client.sync(before.vault, store);
  await expect(synced).rejects.toBeInstanceOf(VaultMismatchError);
  expect([...store.records.values()]).toEqual(kept);
  expect(await store.state()).toBeUndefined();
  expect((await before.client.records.changes({ limit: 10 })).changes).toEqual([]);
});

test('a sync during which another user signs in ends, and stores nothing as that user', async () => {
  const after = await sdkUser(app);
  const store = new MemorySyncStore();
  await writeNote(store, 'of the user before');
  let signedIn: Promise<unknown> | undefined;
  const device = await deviceWith('/storage/changes', async (text) => {
    await (signedIn ??= device.account.signIn({ email: after.email, password: PASSWORD }));
    return text;
  });
  await expect(device.sync(user.vault, store)).rejects.toBeInstanceOf(VaultMismatchError);
  expect(signedIn).toBeDefined();
  expect((await after.client.records.changes({ limit: 10 })).changes).toEqual([]);
});
