import { Client } from 'pg';
import { IDEMPOTENCY_EXTENSION } from '../../apps/api/src/edge/principal';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
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
const WAITING = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${HOLD} AND NOT granted`;

/** Killed between effect and answer; those of the second list are carried out again. */
const KILLED_ATOMIC = ['/auth/register', '/devices', '/storage/records', '/backup/{id}/restore', '/goals/{id}/run'];
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
  const withTrigger = async <T>(action: 'lose_answer' | 'hold_answer', work: () => Promise<T>): Promise<T> => {
    await database.query(
      `CREATE TRIGGER on_answer BEFORE UPDATE OF answer ON idempotency_keys FOR EACH ROW WHEN (NEW.answer IS NOT NULL) EXECUTE FUNCTION ${action}()`,
    );
    return work().finally(() => database.query('DROP TRIGGER on_answer ON idempotency_keys'));
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
    const paths = [...KILLED_ATOMIC, ...KILLED_REPEATABLE];
    const requests: RepeatedRequest[] = [];
    // Each of another user: requests of one wait for each other.
    for (const path of paths) requests.push(await prepared(path, new Lab(client, database, await app.user('power'))));
    const all = async (): Promise<unknown[][]> => {
      const found: unknown[][] = [];
      for (const request of requests) found.push(await rows(request));
      return found;
    };
    const before = await all();

    await doomed.start();
    await withTrigger('hold_answer', async () => {
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
    });
    const killed = await all();
    expect(killed.slice(0, KILLED_ATOMIC.length)).toEqual(before.slice(0, KILLED_ATOMIC.length));
    // The lease of a process that has died ends after 150 s.
    await database.query('UPDATE idempotency_keys SET lease_until = now() WHERE answer IS NULL');

    const first = await Promise.all(requests.map((request) => request.send()));
    const after = await all();
    const second = await Promise.all(requests.map((request) => request.send()));
    expect(first.map(({ status }) => status < 300)).toEqual(paths.map(() => true));
    expect(second.map(({ status, body }) => [status, body])).toEqual(first.map(({ status, body }) => [status, body]));
    expect(await all()).toEqual(after);
    for (const [index, path] of paths.entries()) {
      const made = (after[index]?.length ?? 0) - (before[index]?.length ?? 0);
      expect([path, made]).toEqual([path, path.endsWith('/restore') ? 0 : 1]);
    }
  });
});
