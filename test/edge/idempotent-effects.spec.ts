import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { PASSWORD, TestApp, type TestUser } from '../support/app';

const BLOB = Buffer.from('opaque bytes');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const RECORD = { table: 'notes', blob: BLOB.toString('base64'), checksum: sha256(BLOB) };

/** A create, and what counts what it has made. */
const CREATES: readonly (readonly [name: string, path: string, body: (n: number) => object, count: string])[] = [
  ['account', '/auth/register', (n) => ({ email: `new-${n}@example.org`, password: PASSWORD }), 'SELECT 1 FROM users'],
  [
    'device',
    '/devices',
    () => ({ name: 'laptop', public_key: Buffer.alloc(32, 7).toString('base64') }),
    'SELECT 1 FROM devices',
  ],
  ['record', '/storage/records', () => RECORD, 'SELECT 1 FROM records'],
  [
    'batch of records',
    '/storage/records/batch',
    () => ({ operations: [{ op: 'create', ...RECORD }] }),
    'SELECT 1 FROM records',
  ],
  [
    'backup upload',
    '/backup/uploads',
    () => ({ version: 1, timestamp: 1, checksum: sha256(BLOB), size_bytes: BLOB.length, chunk_size: 1_048_576 }),
    'SELECT 1 FROM backup_uploads',
  ],
];

describe('a create with an Idempotency-Key', () => {
  let app: TestApp;
  let user: TestUser;
  let client: Client;
  let counter = 0;
  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.user('power');
    client = new Client({ connectionString: app.database.url });
    await client.connect();
    await client.query(`
      CREATE FUNCTION lose_answer() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '57P01'; END $$`);
  });
  afterAll(async () => {
    await client.end();
    await app.stop();
  });

  it.each(CREATES)(
    'of a %s whose answer cannot be stored has no effect, and its repetition has it once',
    async (...create) => {
      const [, path, body, count] = create;
      counter += 1;
      const key = `key-${counter}`;
      const [sent, countedBefore] = [body(counter), (await client.query(count)).rowCount ?? 0];
      const send = () =>
        app
          .call('post', path, path === '/auth/register' ? undefined : user)
          .set('Idempotency-Key', key)
          .send(sent);

      await client.query(
        'CREATE TRIGGER lose BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION lose_answer()',
      );
      const lost = await send();
      await client.query('DROP TRIGGER lose ON idempotency_keys');
      expect(lost.status).toBe(503);
      expect((await client.query(count)).rowCount).toBe(countedBefore);

      const first = await send();
      const second = await send();
      expect([first.status < 300, second.status]).toEqual([true, first.status]);
      expect(second.body).toEqual(first.body);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect((await client.query(count)).rowCount).toBe(countedBefore + 1);
    },
  );
});
