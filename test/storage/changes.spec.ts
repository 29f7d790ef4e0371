import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { checksumOf } from '@adiuva/kernel';
import { BlobStore, Database } from '@adiuva/platform';
import { ChangeRetention } from '@adiuva/storage';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { cipher, RecordClient, type Change } from './record-client';

describe('the change feed', () => {
  let app: TestApp;
  let user: TestUser;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    user = await app.user('power');
    records = new RecordClient(app, user);
  });

  it('shows every change once, in order, deletions too', async () => {
    const made = await records.made();
    const next = cipher();
    await records.put(made.id, next);
    const other = await records.made(cipher(), 'tasks');
    await records.remove(made.id);
    const { changes, cursor } = await records.feed(undefined, 2);
    expect(changes).toEqual([
      {
        id: made.id,
        table: 'notes',
        version: 1,
        checksum: checksumOf(made.bytes),
        deleted: false,
        updated_at: expect.any(Number),
      },
      {
        id: made.id,
        table: 'notes',
        version: 2,
        checksum: checksumOf(next),
        deleted: false,
        updated_at: expect.any(Number),
      },
      {
        id: other.id,
        table: 'tasks',
        version: 1,
        checksum: checksumOf(other.bytes),
        deleted: false,
        updated_at: expect.any(Number),
      },
      { id: made.id, table: 'notes', version: 3, checksum: null, deleted: true, updated_at: expect.any(Number) },
    ]);
    expect((await records.changes({ cursor })).body).toEqual({ changes: [], cursor, has_more: false });
    expect((await records.changes({ cursor: '0', limit: 1000 })).body.changes).toEqual(changes);
    const later = await records.made();
    expect((await records.changes({ cursor })).body.changes.map((change: Change) => change.id)).toEqual([later.id]);
  });

  it('shows one table alone, and its cursor moves on past the others', async () => {
    await records.made(cipher(), 'tasks');
    const note = await records.made(cipher(), 'notes');
    await records.made(cipher(), 'tasks');
    const { body } = await records.changes({ table: 'notes' });
    expect(body.changes.map((change: Change) => change.id)).toEqual([note.id]);
    expect((await records.changes({ cursor: body.cursor })).body.changes).toEqual([]);
  });

  it.each(['x', '-1', '1.2.3', '1e3', '9'.repeat(16), ' 1', "1' OR 1=1"])('refuses the cursor %j', async (cursor) => {
    expect((await records.changes({ cursor })).body.code).toBe('validation_failed');
  });

  it.each([0, 1_001, 'many', 1.5])('refuses the limit %j', async (limit) => {
    expect((await records.changes({ limit })).body.code).toBe('validation_failed');
  });

  it('brings two devices under 20 writers to the same end', async () => {
    const ids = Array.from({ length: 12 }, () => randomUUID());
    let writing = true;
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 15; round += 1) {
        const id = ids[(writer * 7 + round * 5) % ids.length] ?? '';
        if (round % 5 === 4) await records.remove(id);
        else if (round % 2) await records.put(id, cipher(20 + round));
        else await records.create(cipher(20 + writer), { id });
      }
    };
    const sync = async (limit: number): Promise<Map<string, Change>> => {
      const device = new Map<string, Change>();
      for (let cursor: string | undefined; ;) {
        const done = !writing;
        const { body } = await records.changes({ limit, ...(cursor === undefined ? {} : { cursor }) });
        for (const change of body.changes as Change[]) {
          expect(change.version).toBe((device.get(change.id)?.version ?? 0) + 1);
          device.set(change.id, change);
        }
        cursor = body.cursor;
        if (done && body.has_more !== true) return device;
      }
    };
    const devices = [sync(3), sync(100)];
    await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)));
    writing = false;
    const [first, second] = await Promise.all(devices);
    expect([...(first ?? [])].sort()).toEqual([...(second ?? [])].sort());
    const { body } = await records.list({ limit: 100 });
    const living = [...(first ?? new Map<string, Change>()).values()].filter((change) => !change.deleted);
    const shape = ({ id, version, checksum }: { id: string; version: number; checksum: string | null }) =>
      `${id} ${version} ${checksum}`;
    expect(living.map(shape).sort()).toEqual(body.map(shape).sort());
  });

  describe('after 90 days', () => {
    async function age(days: number): Promise<void> {
      const { rows } = { rows: (sql: string) => app.nest.get(Database).query(sql, [user.id, days]) };
      await rows(`UPDATE record_changes SET changed_at = changed_at - make_interval(days => $2) WHERE user_id = $1`);
      await rows(`UPDATE records SET deleted_at = deleted_at - make_interval(days => $2) WHERE user_id = $1`);
    }

    it('sends who stayed away to begin anew, and hides nothing from who begins', async () => {
      const [kept, gone] = [await records.made(), await records.made()];
      await records.put(kept.id, cipher());
      const early = (await records.feed()).cursor;
      await records.remove(gone.id);
      const late = (await records.feed()).cursor;
      await age(91);
      expect(await app.nest.get(ChangeRetention).run()).toBeGreaterThanOrEqual(3);
      expect((await records.changes({ cursor: early })).body).toMatchObject({ status: 410, code: 'cursor_expired' });
      expect((await records.changes({ cursor: late })).status).toBe(200);
      const { changes } = await records.feed(undefined, 1);
      expect(changes.map(({ id, version }) => [id, version])).toEqual([[kept.id, 2]]);
      expect((await records.create(cipher(), { id: gone.id })).body.version).toBe(1);
    });

    it('forgets nothing that is younger', async () => {
      const made = await records.made();
      const { cursor } = await records.feed();
      await records.remove(made.id);
      await age(89);
      await app.nest.get(ChangeRetention).run();
      expect((await records.feed()).changes).toHaveLength(2);
      expect((await records.changes({ cursor })).body.changes).toHaveLength(1);
    });

    it('sends a reader back who was on his way up when something more was forgotten', async () => {
      const made = [await records.made(), await records.made(), await records.made()];
      await records.remove(made[2]?.id ?? '');
      await age(91);
      await app.nest.get(ChangeRetention).run();
      await records.remove(made[1]?.id ?? '');
      const { body } = await records.changes({ limit: 1 });
      expect((await records.changes({ cursor: body.cursor, limit: 1 })).status).toBe(200);
      await age(91);
      await app.nest.get(ChangeRetention).run();
      expect((await records.changes({ cursor: body.cursor, limit: 1 })).body.code).toBe('cursor_expired');
    });
  });

  it('sends a reader back who is ahead of the ledger', async () => {
    await records.made();
    expect((await records.changes({ cursor: '99' })).body.code).toBe('cursor_expired');
  });

  it('rings at the user’s other devices, and nowhere else', async () => {
    const signIn = async (): Promise<string> => {
      const { body } = await app.call('post', '/auth/login').send({ email: user.email, password: PASSWORD });
      return body.access_token;
    };
    const listen = (socket: Socket): unknown[] => {
      const received: unknown[] = [];
      socket.on('storage:changed', (frame) => received.push(frame));
      return received;
    };
    const own = listen(await app.socket(user.accessToken));
    const other = listen(await app.socket(await signIn()));
    const stranger = listen(await app.socket((await app.user('pro')).accessToken));
    const { id } = await records.made();
    await eventually(() => other.length === 1);
    expect(other).toEqual([{ cursor: (await records.feed()).cursor, table: 'notes' }]);
    await records.remove(id);
    await eventually(() => other.length === 2);
    const bytes = cipher();
    await app
      .call('post', '/storage/records', user)
      .set('Idempotency-Key', 'notified-once')
      .send({ table: 'notes', blob: bytes.toString('base64'), checksum: checksumOf(bytes) })
      .expect(201);
    await eventually(() => other.length === 3);
    expect([own, stranger]).toEqual([[], []]);
  });

  it('and the objects and rows of an erased account are gone', async () => {
    await records.made();
    await app.startJobs();
    await app.call('delete', '/auth/account', user).send({ password: PASSWORD }).expect(202);
    const rows = () => app.nest.get(Database).query('SELECT FROM records WHERE user_id = $1', [user.id]);
    await eventually(async () => (await rows()).length === 0);
    const objects = async (): Promise<number> => {
      let count = 0;
      for await (const entry of app.nest.get(BlobStore).list(`${user.id}/`)) count += entry.size > 0 ? 1 : 0;
      return count;
    };
    await eventually(async () => (await objects()) === 0);
  });
});
