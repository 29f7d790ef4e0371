import { randomBytes } from 'node:crypto';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { PassThrough } from 'node:stream';
import { checksumOf, newId, type Principal, type Problem } from '@adiuva/kernel';
import { BackupUploads, SingleRequestUpload, UploadCompletion } from '@adiuva/backup';
import { BlobStore, Database } from '@adiuva/platform';
import { RecordBatch, Records } from '@adiuva/storage';
import { Collections, Vectors } from '@adiuva/vectors';
import { eventually, TestApp, type TestUser } from '../support/app';
import { begin, putBackup, putChunk } from '../backup/backup-client';
import { unfinishedOf } from '../backup/stores';
import { cipher, contentOf, RecordClient } from '../storage/record-client';
import { item } from '../support/builders/vectors';

/** Columns with a user's id that stay, each with its reason. */
const KEPT = new Map([['erased_users.user_id', 'proof that an erasure was carried out']]);

const USER_COLUMNS = `
  SELECT table_name, column_name FROM information_schema.columns
  WHERE table_schema = 'public' AND data_type = 'uuid' AND (column_name = 'user_id' OR (table_name = 'users' AND column_name = 'id'))`;

describe('the erasure of an account', () => {
  let app: TestApp;
  let database: Database;

  beforeAll(async () => {
    app = await TestApp.start();
    await app.startJobs();
    database = app.nest.get(Database);
  });
  afterAll(() => app.stop());

  /** Tables with a row of the user. */
  async function tablesOf(userId: string): Promise<string[]> {
    const columns = await database.query<{ table_name: string; column_name: string }>(USER_COLUMNS);
    const found: string[] = [];
    for (const { table_name, column_name } of columns) {
      const rows = await database.query(`SELECT FROM "${table_name}" WHERE "${column_name}" = $1 LIMIT 1`, [userId]);
      if (rows.length > 0) found.push(`${table_name}.${column_name}`);
    }
    return found.sort();
  }

  async function objectsOf(userId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of app.nest.get(BlobStore).list('')) if (key.includes(userId)) keys.push(key);
    return keys;
  }

  async function erase(user: TestUser): Promise<void> {
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(
      async () => (await database.query('SELECT FROM users WHERE id = $1', [user.id])).length === 0,
      20_000,
    );
  }

  async function expectNothingOf(user: TestUser): Promise<void> {
    await eventually(async () => (await objectsOf(user.id)).length === 0, 20_000);
    expect((await tablesOf(user.id)).filter((column) => !KEPT.has(column))).toEqual([]);
  }

  /** The user as a request has authenticated them before the erasure. */
  const principalOf = (user: TestUser): Principal => ({
    userId: user.id,
    sessionId: newId(),
    tier: 'team',
    seats: 1,
    role: 'user',
  });

  it('leaves no row in any table with a user, and no object', async () => {
    const user = await app.user('team');
    const records = new RecordClient(app, user);
    const { id } = await records.made();
    await records.put(id, cipher());
    await records.remove((await records.made()).id);
    const blob = cipher();
    await app
      .call('post', '/storage/vectors/upsert', user)
      .send({ vectors: [{ id: 'one', ...contentOf(blob) }] })
      .expect(200);
    await putBackup(app, user, cipher()).expect(200);
    const { body } = await begin(app, user, cipher(20), 10).expect(200);
    await putChunk(app, user, body.id, 0, cipher(10)).expect(200);
    const agent = { name: 'minutes_agent', description: 'x', instructions: 'x', tools: [], memory: true };
    await app.call('post', '/agents', user).send(agent).expect(201);
    await app.call('post', '/memories', user).send({ agent: agent.name, content: 'x' }).expect(201);
    await app.call('post', '/goals', user).send({ title: 'x', instructions: 'x', agent: agent.name }).expect(201);
    expect(await tablesOf(user.id)).toEqual(
      expect.arrayContaining(
        [
          'storage_usage',
          'records',
          'record_changes',
          'record_buckets',
          'vector_items',
          'vector_collections',
          'backups',
          'backup_vaults',
          'backup_uploads',
          'sessions',
          'custom_agents',
          'memories',
          'goals',
        ].map((table) => `${table}.user_id`),
      ),
    );
    expect((await objectsOf(user.id)).length).toBeGreaterThan(2);
    await erase(user);
    await expectNothingOf(user);
  });

  it.each(['/storage/records', '/backup'])(
    'refuses an upload to %s that is in progress, and nothing of it stays',
    async (path) => {
      const user = await app.user('team');
      const bytes = randomBytes(200_000);
      const upload = partial(app, user, path, bytes);
      await eventually(async () => (await unfinishedOf(app)).length > 0);
      await erase(user);
      expect(await upload.finish()).toBe(401);
      await expectNothingOf(user);
    },
  );

  it('refuses every create that was authenticated before it', async () => {
    const user = await app.user('team');
    const owner = principalOf(user);
    const bytes = cipher();
    const content = { bytes, checksum: checksumOf(bytes), size: bytes.length };
    const label = { version: '1', timestamp: 1, checksum: content.checksum };
    const uploads = app.nest.get(BackupUploads);
    const whole = await uploads.begin(owner, { ...label, sizeBytes: bytes.length, chunkSize: bytes.length });
    await uploads.putChunk(owner, whole.upload.id, 0, content.checksum, body(bytes));
    const partly = await uploads.begin(owner, { ...label, sizeBytes: 2 * bytes.length, chunkSize: bytes.length });
    await erase(user);
    const creates: Record<string, () => Promise<unknown>> = {
      record: () => app.nest.get(Records).create(owner, { ...content, table: 'notes' }),
      batch: () => app.nest.get(RecordBatch).run(owner, [{ op: 'create', id: undefined, table: 'notes', ...content }]),
      vectors: () => app.nest.get(Vectors).upsert(owner, [item('one')]),
      collection: () =>
        app.nest.get(Collections).put(owner, 'mine', { mode: 'local', epoch: 0, form: null, wrappedKeys: null }, false),
      backup: () => app.nest.get(SingleRequestUpload).store(owner, label, body(bytes)),
      begin: () => uploads.begin(owner, { ...label, sizeBytes: bytes.length, chunkSize: bytes.length }),
      chunk: () => uploads.putChunk(owner, partly.upload.id, 1, content.checksum, body(bytes)),
      complete: () => app.nest.get(UploadCompletion).complete(owner, whole.upload.id),
    };
    const codes: Record<string, string> = {};
    for (const [name, create] of Object.entries(creates))
      codes[name] = await create().then(
        () => 'done',
        (error: Problem) => error.code,
      );
    expect(codes).toEqual({
      ...Object.fromEntries(Object.keys(creates).map((name) => [name, 'unauthenticated'])),
      ...{ chunk: 'not_found', complete: 'not_found' },
    });
    await expectNothingOf(user);
  });
});

function body(bytes: Buffer): { bytes: PassThrough; size: number } {
  const stream = new PassThrough();
  stream.end(bytes);
  return { bytes: stream, size: bytes.length };
}

/** A streamed upload of which only the first half is sent. `finish` sends the rest and gives the status. */
function partial(app: TestApp, user: TestUser, path: string, bytes: Buffer) {
  const records = path === '/storage/records';
  const checksum = checksumOf(bytes);
  const sending: ClientRequest = httpRequest(`${app.url}/api/v1${path}`, {
    method: records ? 'POST' : 'PUT',
    headers: {
      authorization: `Bearer ${user.accessToken}`,
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      ...(records
        ? { 'x-table': 'notes', 'x-checksum': checksum }
        : { 'x-backup-version': '1', 'x-backup-timestamp': '1', 'x-backup-checksum': checksum }),
    },
  });
  const status = new Promise<number>((resolve, reject) => {
    sending.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.once('error', reject);
  });
  sending.write(bytes.subarray(0, bytes.length / 2));
  return {
    finish(): Promise<number> {
      sending.end(bytes.subarray(bytes.length / 2));
      return status;
    },
  };
}
