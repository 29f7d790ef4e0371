import { randomUUID } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { BlobStore, Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';
import { cipher, contentOf, RecordClient } from './record-client';

describe('a batch', () => {
  let app: TestApp;
  let user: TestUser;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    user = await app.user('pro');
    records = new RecordClient(app, user);
  });

  it('carries out each operation in its order and answers for each', async () => {
    const [kept, gone] = [await records.made(), await records.made()];
    const bytes = cipher();
    const { status, body } = await records.batch([
      { op: 'create', table: 'tasks', ...contentOf(bytes) },
      { op: 'update', id: kept.id, ...contentOf(bytes), if_match: 1 },
      { op: 'delete', id: gone.id },
    ]);
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { status: 201, id: expect.any(String), version: 1, created_at: expect.any(Number) },
      { status: 200, id: kept.id, version: 2, updated_at: expect.any(Number) },
      { status: 200, id: gone.id, version: 2, updated_at: expect.any(Number) },
    ]);
    const { changes } = await records.feed();
    expect(changes.map((change) => change.id)).toEqual([kept.id, gone.id, body.results[0].id, kept.id, gone.id]);
    expect((await records.usage()).body.records).toEqual({ bytes: 2 * bytes.length, count: 2 });
  });

  it('lets the good operations stand beside those that are refused', async () => {
    const { id } = await records.made();
    const good = { op: 'create', table: 'notes', ...contentOf(cipher()) };
    const taken = randomUUID();
    const { body } = await records.batch([
      good,
      { ...good, checksum: checksumOf(cipher()) },
      { ...good, table: 'No' },
      { ...good, blob: '!' },
      { op: 'destroy', id },
      { op: '__proto__', id },
      { op: 'delete', id: randomUUID() },
      { op: 'update', id, ...contentOf(cipher()), if_match: 5 },
      { op: 'delete', id: taken, extra: 1 },
      { ...good, id },
      good,
    ]);
    expect(body.results.map((result: { status: number; code?: string }) => [result.status, result.code])).toEqual([
      [201, undefined],
      [400, 'checksum_mismatch'],
      [400, 'validation_failed'],
      [400, 'validation_failed'],
      [400, 'validation_failed'],
      [400, 'validation_failed'],
      [404, 'not_found'],
      [412, 'precondition_failed'],
      [400, 'validation_failed'],
      [409, 'conflict'],
      [201, undefined],
    ]);
    expect((await records.usage()).body.records.count).toBe(3);
  });

  it('carries out several operations on one record one after the other', async () => {
    const id = randomUUID();
    const last = cipher(50);
    const { body } = await records.batch([
      { op: 'create', id, table: 'notes', ...contentOf(cipher()) },
      { op: 'update', id, ...contentOf(cipher()) },
      { op: 'delete', id, if_match: 2 },
      { op: 'update', id, ...contentOf(cipher()) },
      { op: 'create', id, table: 'notes', ...contentOf(last) },
    ]);
    expect(body.results.map((result: { status: number; version?: number }) => [result.status, result.version])).toEqual(
      [
        [201, 1],
        [200, 2],
        [200, 3],
        [404, undefined],
        [201, 4],
      ],
    );
    expect((await records.get(id)).body).toEqual(last);
    expect((await records.usage()).body.records).toEqual({ bytes: 50, count: 1 });
  });

  it('stores as many as fit and refuses the others', async () => {
    await app.nest
      .get(Database)
      .query('INSERT INTO storage_usage (user_id, position, records_bytes) VALUES ($1, 1, $2)', [
        user.id,
        5_000_000_000 - 1_000,
      ]);
    const { body } = await records.batch(
      Array.from({ length: 5 }, () => ({ op: 'create', table: 'notes', ...contentOf(cipher(400)) })),
    );
    expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 201, 402, 402, 402]);
    let objects = 0;
    for await (const entry of app.nest.get(BlobStore).list(`${user.id}/`)) objects += entry.size === 400 ? 1 : 0;
    expect(objects).toBe(2);
  });

  it('takes 500 operations and no more, and not none', async () => {
    const operation = { op: 'create', table: 'notes', ...contentOf(cipher(10)) };
    const { body } = await records.batch(Array.from({ length: 500 }, () => operation));
    expect(body.results.filter((result: { status: number }) => result.status === 201)).toHaveLength(500);
    expect((await records.batch(Array.from({ length: 501 }, () => operation))).status).toBe(400);
    expect((await records.batch([])).status).toBe(400);
    expect((await records.batch([7, null])).status).toBe(400);
  });

  it('is exact beside other writers of the same records', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => records.made()));
    const rounds = Array.from({ length: 10 }, () =>
      records.batch(made.map(({ id }) => ({ op: 'update', id, ...contentOf(cipher(100)) }))),
    );
    const singles = made.flatMap(({ id }) => [records.put(id, cipher(100)), records.put(id, cipher(100))]);
    const answers = await Promise.all(rounds);
    await Promise.all(singles);
    for (const { body } of answers)
      expect(body.results.every((result: { status: number }) => result.status === 200)).toBe(true);
    expect((await records.list()).body.map((record: { version: number }) => record.version)).toEqual(
      made.map(() => 13),
    );
    expect((await records.usage()).body.records).toEqual({ bytes: 1_000, count: 10 });
  });
});
