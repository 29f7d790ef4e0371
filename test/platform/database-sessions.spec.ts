import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { ConfigurationError } from '@adiuva/config';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ATOMIC, Lab, LAB_SETTINGS } from '../edge/repeated-requests';
import { TestApp } from '../support/app';
import { testDatabase, type TestDatabase } from '../support/database';
import { TcpProxy } from '../support/fakes/tcp-proxy';

const CREATES = ['/storage/records', '/backup/uploads', '/goals/{id}/run', '/projects/{id}/files'];

describe('sessions of the database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  async function admin(sql: string): Promise<void> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  it('of migrations have time for a table of any size', async () => {
    const seen: string[] = [];
    class Slow1999999999999 implements MigrationInterface {
      readonly name = 'Slow1999999999999';

      async up(runner: QueryRunner): Promise<void> {
        const [row]: { statement_timeout: string }[] = await runner.query('SHOW statement_timeout');
        seen.push(row?.statement_timeout ?? '');
      }

      down(): Promise<void> {
        return Promise.resolve();
      }
    }
    const options = { ...dataSourceOptions(database.url, [], 2), migrations: [Slow1999999999999] };
    const source = await new DataSource(options).initialize();
    const [{ statement_timeout: ofRequests }] = await source.query('SHOW statement_timeout');
    const done = await migrate(source, database.url);
    await source.destroy();
    expect([done, seen, ofRequests]).toEqual([['Slow1999999999999'], ['6h'], '15s']);
  });

  it('do not depend on the defaults of the database', async () => {
    const name = new URL(database.url).pathname.slice(1);
    for (const setting of [
      `DateStyle = 'SQL, DMY'`,
      `default_transaction_isolation = 'serializable'`,
      `TimeZone = 'Asia/Tokyo'`,
      `IntervalStyle = 'sql_standard'`,
      `default_transaction_read_only = on`,
    ]) {
      await admin(`ALTER DATABASE ${name} SET ${setting}`);
    }
    const app = await TestApp.start({ ...LAB_SETTINGS, PLUGIN_PENDING_MAX: '200', DATABASE_URL: database.url });
    const user = await app.user();
    const { body } = await app.call('get', '/auth/me', user).expect(200);
    expect(Math.abs(body.created_at - Date.now())).toBeLessThan(60_000);
    const sessions = await app.call('get', '/auth/sessions', user).expect(200);
    expect(Math.abs(sessions.body[0].created_at - Date.now())).toBeLessThan(60_000);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('SET default_transaction_read_only = off');
    const lab = new Lab(app, client, await app.user('power'));
    const refused: unknown[] = [];
    for (const path of CREATES) {
      const { status, body: answer } = (await (await ATOMIC[path]?.(lab))?.send()) ?? {};
      if (status === undefined || status >= 300) refused.push([path, status, answer]);
    }
    expect(refused).toEqual([]);
    for (const path of ['/goals', '/runs', '/storage/changes', '/projects', '/memories']) {
      const { body: list } = await app.call('get', path, lab.user).expect(200);
      const times = [...JSON.stringify(list).matchAll(/"(?:created|updated)_at":(\d+)/g)].map(([, time]) =>
        Number(time),
      );
      expect(times.filter((time) => Math.abs(time - Date.now()) > 600_000)).toEqual([]);
    }
    await client.end();
    await app.stop();
  });

  it('end when the server stops answering: requests are 503 with Retry-After in bounded time', async () => {
    const proxy = await TcpProxy.before(database.url);
    const app = await TestApp.start({ DATABASE_URL: proxy.url, DATABASE_POOL: '4' });
    const user = await app.user();
    await Promise.all(Array.from({ length: 8 }, () => app.call('get', '/auth/sessions', user).expect(200)));
    proxy.freeze();
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.call('get', '/auth/sessions', user)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    for (const { headers } of answers) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await proxy.close();
    await app.stop();
  });

  it('through a pooler that refuses startup parameters are refused with the remedy', async () => {
    const pooler = await refusingPooler();
    const { port } = pooler.address() as AddressInfo;
    const failure: unknown = await TestApp.start({ DATABASE_URL: `postgres://me:secret@127.0.0.1:${port}/x` }).catch(
      (error: unknown) => error,
    );
    pooler.close();
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(String(failure)).toContain('pool_mode = session');
  });
});

/** Answers every startup as PgBouncer does where it knows a parameter not. */
function refusingPooler(): Promise<Server> {
  const fields = Buffer.from('SFATAL\0C08P01\0Munsupported startup parameter: x\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, fields])));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
