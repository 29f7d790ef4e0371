import { Client } from 'pg';
import { IDEMPOTENCY_EXTENSION } from '../../apps/api/src/edge/principal';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { begun, putChunk } from '../backup/backup-client';
import { eventually, TestApp } from '../support/app';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { ATOMIC, Lab, LAB_SETTINGS, REPEATABLE, type RepeatedRequest } from './repeated-requests';

const SERVER = 'apps/api/src/main.ts';
const HOLD = 7_714_001;
const LOSE_ANSWER = `
  CREATE FUNCTION lose_answer() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '57P01'; END $$;
  CREATE FUNCTION hold_answer() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_xact_lock(${HOLD}); RETURN NEW; END $$`;
/** Seconds until the last lease ends. */
const LEASED = `SELECT coalesce(extract(epoch FROM max(lease_until) - now()), 0)::float8 AS seconds FROM (
  SELECT lease_until FROM idempotency_keys WHERE answer IS NULL UNION ALL
  SELECT lease_until FROM backup_uploads WHERE state = 'completing') AS leases`;
const WAITING = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${HOLD} AND NOT granted`;

/** Killed between effect and answer; those of the second list are carried out again. */
const KILLED_ATOMIC = ['/auth/register', '/devices', '/storage/records', '/backup/{id}/restore', '/goals/{id}/run'];
const COMPLETE = '/backup/uploads/{id}/complete';
const COMPLETION = "UPDATE ON backup_uploads FOR EACH ROW WHEN (NEW.state = 'completed')";
const BYTES = Buffer.alloc(1_000, 7);
const KILLED_REPEATABLE = Object.keys(REPEATABLE);

describe('a POST with an Idempotency-Key', () => {
  let app: TestApp;
  let url: string;
  let client: TestApp;
  let lab: Lab;
  let database: Client;
  let counter = 0;

  beforeAll(async () => {
    app = await TestApp.start({ PLUGIN_PENDING_MAX: '200', ...LAB_SETTINGS });
    database = new Client({ connectionString: app.database.url });
    await database.connect();
    await database.query(LOSE_ANSWER);
    url = app.url;
    client = Object.create(app, { url: { get: () => url } });
    lab = new Lab(client, database, await app.user('power'));
  });
  afterAll(async () => {
    await database.end();
    await app.stop();
  });

  const prepared = async (path: string, by = lab): Promise<RepeatedRequest> => {
    const prepare = { ...ATOMIC, ...REPEATABLE }[path];
    if (!prepare) throw new RangeError(path);
    const repeated = await prepare(by);
    const key = `key-${(counter += 1)}`;
    return { ...repeated, send: () => repeated.send().set('Idempotency-Key', key) };
  };
  const rows = async ({ effect }: RepeatedRequest): Promise<unknown[]> => (await database.query(effect)).rows;
  const withTrigger = async <T>(
    action: 'lose_answer' | 'hold_answer',
    work: () => Promise<T>,
    when = 'UPDATE OF answer ON idempotency_keys FOR EACH ROW WHEN (NEW.answer IS NOT NULL)',
  ): Promise<T> => {
    await database.query(`CREATE TRIGGER on_effect BEFORE ${when} EXECUTE FUNCTION ${action}()`);
    const [, table] = / ON (\w+)/.exec(when) ?? [];
    return work().finally(() => database.query(`DROP TRIGGER on_effect ON ${table}`));
  };
  const leasedSeconds = async (): Promise<number> => (await database.query(LEASED)).rows[0].seconds;
  /** An upload that is whole but for its completion. */
  const upload = async (): Promise<RepeatedRequest> => {
    const user = await app.user('power');
    const id = await begun(app, user, BYTES, BYTES.length);
    await putChunk(app, user, id, 0, BYTES).expect(200);
    const effect = `SELECT id FROM backups WHERE user_id = '${user.id}'`;
    return { send: () => client.call('post', `/backup/uploads/${id}/complete`, user), effect };
  };

  it('is proved here for every route whose effect and answer are one transaction', () => {
    const { paths } = openApiDocument(app.nest);
    const atomic = Object.entries(paths).filter(
      ([, { post }]) => new Map<string, unknown>(Object.entries(post ?? {})).get(IDEMPOTENCY_EXTENSION) === 'atomic',
    );
    expect(atomic.map(([path]) => path.replace('/api/v1', '')).sort()).toEqual(Object.keys(ATOMIC).sort());
  });

  it.each(Object.keys(ATOMIC))(
    '%s has no effect when its answer cannot be stored, and its repetition has it once',
    async (path) => {
      const request = await prepared(path);
      const before = await rows(request);
      const lost = await withTrigger('lose_answer', () => request.send().then((response) => response));
      expect(lost.status).toBe(503);
      expect(await rows(request)).toEqual(before);

      const first = await request.send();
      const after = await rows(request);
      const second = await request.send();
      expect([first.status < 300, second.status, second.body]).toEqual([true, first.status, first.body]);
      expect(second.headers['etag']).toBe(first.headers['etag']);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect(after).not.toEqual(before);
      expect(await rows(request)).toEqual(after);
    },
  );

  it('acts once when the process is killed between effect and answer and the request is repeated', async () => {
    const settings = { ENV: 'test', DATA_DIR: app.dataDir, DATABASE_URL: app.database.url, LLM_PROVIDER: 'offline' };
    const doomed = new NodeProcess(SERVER, { ...settings, DATABASE_POOL: '16' }, await freePort());
    const paths = [...KILLED_ATOMIC, ...KILLED_REPEATABLE, COMPLETE];
    const requests: RepeatedRequest[] = [];
    // Each of another user: requests of one wait for each other.
    for (const path of paths)
      requests.push(
        path === COMPLETE ? await upload() : await prepared(path, new Lab(client, database, await app.user('power'))),
      );
    const all = async (): Promise<unknown[][]> => {
      const found: unknown[][] = [];
      for (const request of requests) found.push(await rows(request));
      return found;
    };
    const before = await all();

    await doomed.start();
    const killing = async (): Promise<void> => {
      await database.query(`SELECT pg_advisory_lock(${HOLD})`);
      url = doomed.url;
      const sent = requests.map((request) =>
        request.send().then(
          ({ status }) => status,
          () => 'cut',
        ),
      );
      const held = eventually(async () => (await database.query(WAITING)).rowCount === paths.length);
      await held.finally(() => doomed.kill());
      url = app.url;
      await database.query(`SELECT pg_advisory_unlock(${HOLD})`);
      expect(await Promise.all(sent)).toEqual(paths.map(() => 'cut'));
    };
    await withTrigger('hold_answer', () => withTrigger('hold_answer', killing, COMPLETION));
    const killed = await all();
    expect(killed.slice(0, KILLED_ATOMIC.length)).toEqual(before.slice(0, KILLED_ATOMIC.length));
    expect(await leasedSeconds()).toBeLessThanOrEqual(30);
    await eventually(async () => (await leasedSeconds()) < 0);

    const first = await Promise.all(requests.map((request) => request.send()));
    const after = await all();
    const second = await Promise.all(requests.map((request) => request.send()));
    expect(first.map(({ status }) => status < 300)).toEqual(paths.map(() => true));
    expect(second.map(({ status, body }) => [status, body])).toEqual(first.map(({ status, body }) => [status, body]));
    expect(await all()).toEqual(after);
    for (const [index, path] of paths.entries()) {
      const made = (after[index]?.length ?? 0) - (before[index]?.length ?? 0);
      // The completed upload is a backup beside the restored one.
      expect([path, made]).toEqual([path, 1]);
    }
  });

  it('keeps its claim for longer than a lease while it runs', async () => {
    const request = await prepared('/devices', new Lab(client, database, await app.user('power')));
    const held = async (): Promise<void> => {
      await database.query(`SELECT pg_advisory_lock(${HOLD})`);
      const sent = request.send().then(({ status }) => status);
      await eventually(async () => (await database.query(WAITING)).rowCount === 1);
      const until = async (): Promise<Date> =>
        (await database.query('SELECT max(lease_until) AS until FROM idempotency_keys WHERE answer IS NULL')).rows[0]
          .until;
      const first = await until();
      await eventually(async () => (await until()) > first);
      await database.query(`SELECT pg_advisory_unlock(${HOLD})`);
      expect(await sent).toBe(200);
    };
    await withTrigger('hold_answer', held, 'INSERT ON devices FOR EACH ROW');
  });
});
