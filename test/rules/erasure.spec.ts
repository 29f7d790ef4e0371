import { randomBytes } from 'node:crypto';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { PassThrough } from 'node:stream';
import { Client } from 'pg';
import { checksumOf, newId, type Principal, type Problem } from '@adiuva/kernel';
import { ErasureMarks } from '@adiuva/auth';
import { BackupUploads, SingleRequestUpload, UploadCompletion } from '@adiuva/backup';
import { TokenBudget } from '@adiuva/llm';
import { BlobStore, Database } from '@adiuva/platform';
import { RecordBatch, Records } from '@adiuva/storage';
import { Collections, Vectors } from '@adiuva/vectors';
import { eventually, TestApp, type TestUser } from '../support/app';
import { ATOMIC, Lab, LAB_SETTINGS, REPEATABLE } from '../edge/repeated-requests';
import { begin, putBackup, putChunk } from '../backup/backup-client';
import { unfinishedOf } from '../backup/stores';
import { cipher, contentOf, RecordClient } from '../storage/record-client';
import { item } from '../support/builders/vectors';

/** Tables where an id of a user stays, each with its reason. */
const KEPT = new Map([
  ['erased_users', 'proof that an erasure was carried out'],
  ['audit_events', 'what an administrator did to others remains attributable'],
]);
/** Proof that an erasure was carried out, for a restore of an older database. */
const MARKS = 'erased/';
/** Routes that change what there is and make nothing; the erasure finds it. */
const MAKE_NOTHING = [
  '/runs/{id}/actions/ack',
  '/runs/{id}/cancel',
  '/runs/{id}/key',
  '/runs/{id}/resume',
  '/resume-dag/{executionId}',
  '/jobs/{job_id}/cancel',
  '/admin/jobs/{id}/retry',
];
const CREATES = { ...ATOMIC, ...REPEATABLE };
const CREATING = Object.keys(CREATES).filter((path) => path !== '/auth/register' && !MAKE_NOTHING.includes(path));

const BLOCKED = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describe('the erasure of an account', () => {
  let app: TestApp;
  let database: Database;

  beforeAll(async () => {
    app = await TestApp.start(LAB_SETTINGS);
    await app.startJobs();
    database = app.nest.get(Database);
  });
  afterAll(() => app.stop());

  /** Tables in which any column has the user's id. */
  async function tablesOf(userId: string): Promise<string[]> {
    const tables = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    expect(tables.length).toBeGreaterThan(40);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query(`SELECT FROM ${name} AS row WHERE row::text LIKE $1 LIMIT 1`, [`%${userId}%`]);
      if (rows.length > 0) found.push(name.replace('public.', ''));
    }
    return found;
  }

  async function objectsOf(userId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of app.nest.get(BlobStore).list(''))
      if (key.includes(userId) && !key.startsWith(MARKS)) keys.push(key);
    return keys;
  }

  async function erase(user: TestUser): Promise<void> {
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(async () => (await database.query('SELECT FROM users WHERE id = $1', [user.id])).length === 0);
  }

  /** Jobs may still be deleting what they have been told to. */
  async function expectNothingOf(user: TestUser): Promise<void> {
    let left: string[] = [];
    const nothing = async (): Promise<boolean> => {
      const tables = (await tablesOf(user.id)).filter((table) => !KEPT.has(table));
      left = [...tables, ...(await objectsOf(user.id))];
      return left.length === 0;
    };
    await eventually(nothing).catch(() => undefined);
    expect(left).toEqual([]);
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
      expect.arrayContaining([
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
      ]),
    );
    expect((await objectsOf(user.id)).length).toBeGreaterThan(2);
    await erase(user);
    await expectNothingOf(user);
  });

  it('is repeated after a restore of a database in which the account is alive', async () => {
    const user = await app.user();
    const [before] = await database.query<{ row: object }>('SELECT to_jsonb(u) AS row FROM users u WHERE id = $1', [
      user.id,
    ]);
    await erase(user);
    const marks = app.nest.get(ErasureMarks);
    // What the restored copy has.
    await database.query('INSERT INTO users SELECT (jsonb_populate_record(NULL::users, $1)).*', [before?.row]);
    expect(await marks.repeat()).toBe(0);
    await database.query('UPDATE installation SET restored_at = now()');
    expect(await marks.repeat()).toBe(1);
    await eventually(async () => (await database.query('SELECT FROM users WHERE id = $1', [user.id])).length === 0);
    await database.query('UPDATE installation SET restored_at = NULL');
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

  it.each(CREATING)('refuses POST %s that is in progress, and it has no effect', async (path) => {
    const sql = new Client({ connectionString: app.database.url });
    await sql.connect();
    const prepare = CREATES[path];
    if (!prepare) throw new RangeError(path);
    const prepared = await prepare(new Lab(app, sql, await app.user('team')));
    const before = (await sql.query(prepared.effect)).rows;
    const request = prepared.send();
    const userId = subjectOf(request.get('X-Agent-Token') ?? request.get('Authorization'));
    await sql.query('BEGIN');
    await sql.query('UPDATE users SET erased_at = now() WHERE id = $1', [userId]);
    let answered = false;
    const response = request.then((it) => ((answered = true), it));
    // Not by the connection of the transaction, which would see the first state again and again.
    await eventually(async () => answered || (await database.query(BLOCKED)).length > 0);
    await sql.query('COMMIT');
    const { status } = await response;
    const after = (await sql.query(prepared.effect)).rows;
    await sql.end();
    expect({ path, status, refused: [401, 404].includes(status) }).toEqual({ path, status, refused: true });
    expect(after).toEqual(before);
  });

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
      tokens: () => app.nest.get(TokenBudget).reserve(owner, 1),
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

/** Whose token it is. */
function subjectOf(credential: unknown): string {
  const [, payload = ''] = String(credential).split('.');
  const { sub }: { sub: string } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return sub;
}
