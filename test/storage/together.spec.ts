import { randomUUID } from 'node:crypto';
import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

describe('records that are replaced at once', () => {
  let app: TestApp;
  let node: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
    node = await TestApp.start({}, app);
  });
  afterAll(async () => {
    await node.stop();
    await app.stop();
  });

  const objectOf = async (id: string): Promise<string> => {
    const rows = await app.nest
      .get(Database)
      .query<{ object_key: string }>('SELECT object_key FROM records WHERE id = $1', [id]);
    return rows[0]?.object_key ?? '';
  };

  it('have each their own answer: another’s conflict, missing room or missing record is nobody else’s', async () => {
    const users: TestUser[] = await Promise.all(Array.from({ length: 6 }, () => app.user('pro')));
    const clients = users.map((user) => new RecordClient(app, user));
    const made = await Promise.all(clients.map((client) => client.made()));
    const [, full, stale, gone] = clients;
    await app.nest
      .get(Database)
      .query('UPDATE storage_usage SET vectors_bytes = 5000000000 - records_bytes WHERE user_id = $1', [users[1]?.id]);
    await new RecordClient(node, users[2] ?? fail()).put(made[2]?.id ?? '', cipher());
    await new RecordClient(node, users[3] ?? fail()).remove(made[3]?.id ?? '');
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.put(made[index]?.id ?? '', cipher(5_000), client === stale ? '"1"' : undefined),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 402, 412, 404, 200, 200]);
    expect((await full?.get(made[1]?.id ?? ''))?.body).toEqual(made[1]?.bytes);
    expect((await gone?.get(made[3]?.id ?? ''))?.status).toBe(404);
  });

  it('of several users under one id are each user’s own when all are read, replaced and asked for together', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => app.user('pro')));
    const clients = users.map((user) => new RecordClient(app, user));
    const id = randomUUID();
    const owners = clients.slice(0, 4);
    const bytes = owners.map(() => cipher());
    for (const [index, client] of owners.entries())
      expect((await client.create(bytes[index] ?? fail(), { id })).status).toBe(201);
    const reads = await Promise.all([...clients, ...clients].map((client) => client.get(id)));
    expect(reads.map(({ status }) => status)).toEqual([...Array(2)].flatMap(() => [200, 200, 200, 200, 404, 404]));
    expect(reads.slice(6, 10).map(({ body }) => body)).toEqual(bytes);
    const next = owners.map(() => cipher());
    const puts = await Promise.all(clients.map((client, index) => client.put(id, next[index] ?? cipher())));
    expect(puts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 404]);
    expect(await Promise.all(owners.map(async (client) => (await client.get(id)).body))).toEqual(next);
  });

  it('of one user get versions and positions without a gap or a repetition', async () => {
    const user = await app.user('team');
    const client = new RecordClient(app, user);
    const { id } = await client.made();
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.put(id, cipher())));
    const versions = answers.map(({ body }) => Number(body.version)).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
    const changes = await app.call('get', '/storage/changes', user);
    expect(changes.body.changes.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: 13 }, (_, index) => index + 1),
    );
    const usage = await app.call('get', '/storage/usage', user);
    expect(usage.body.records).toEqual({ bytes: (await client.get(id)).body.length, count: 1 });
  });

  it('take their next version although another node has replaced them since this one saw them', async () => {
    const user = await app.user('team');
    const { id } = await new RecordClient(app, user).made();
    await new RecordClient(node, user).put(id, cipher());
    await new RecordClient(node, user).put(id, cipher());
    const bytes = cipher();
    const replaced = await new RecordClient(app, user).put(id, bytes);
    expect([replaced.status, replaced.body.version]).toEqual([200, 4]);
    expect(await objectOf(id)).toContain(`/notes/${id}.4-`);
    expect((await new RecordClient(node, user).get(id)).body).toEqual(bytes);
  });

  it('and removed at once, on two nodes, one by one and in batches, are removed once: the ledger is never asked for what is gone', async () => {
    const user = await app.user('power');
    const clients = [new RecordClient(app, user), new RecordClient(node, user)];
    const [here = fail()] = clients;
    const removal = (id: string) =>
      app.call('post', '/storage/records/batch', user).send({ operations: [{ op: 'delete', id }] });
    for (let round = 0; round < 3; round += 1) {
      const { id } = await here.made(cipher(2_000));
      const single = Array.from({ length: 10 }, (_, index) => (clients[index % 2] ?? here).remove(id, '"1"'));
      const batches = Array.from({ length: 5 }, () => removal(id));
      const answers = await Promise.all([...single, ...batches]);
      const statuses = answers.map(({ status, body }) => (body.results ? body.results[0].status : status));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status !== 200 && status !== 404 && status !== 412)).toEqual([]);
      expect((await here.usage()).body.records).toEqual({ bytes: 0, count: 0 });
    }
  });

  it('by less, singly and in batches at once, never take more from the ledger than is there', async () => {
    const user = await app.user('power');
    const records = new RecordClient(app, user);
    const { id } = await records.made(cipher(2_000));
    const update = () => ({ op: 'update', id, ...contentOf(cipher(1)) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0
          ? records.put(id, cipher(1))
          : app.call('post', '/storage/records/batch', user).send({ operations: [update()] }),
      ),
    );
    expect(answers.map(({ status, body }) => (body.results ? body.results[0].status : status))).toEqual(
      Array(10).fill(200),
    );
    expect((await records.usage()).body.records).toEqual({ bytes: 1, count: 1 });
  });

  it('do not wait for a user whose ledger somebody else holds', async () => {
    const [slow, quick] = [
      new RecordClient(app, await app.user('team')),
      new RecordClient(app, await app.user('team')),
    ];
    const [held, free] = [await slow.made(), await quick.made()];
    const waiting = await app.nest.get(Database).transaction(async (tx) => {
      await tx.query('SELECT FROM storage_usage WHERE user_id = $1 FOR UPDATE', [slow.user.id]);
      const blocked = slow.put(held.id, cipher());
      void blocked.then(() => undefined);
      expect((await quick.put(free.id, cipher())).status).toBe(200);
      expect((await quick.put(free.id, cipher())).status).toBe(200);
      return { blocked };
    });
    expect((await waiting.blocked).status).toBe(200);
  });
});

function fail(): never {
  throw new Error('a user is missing');
}
