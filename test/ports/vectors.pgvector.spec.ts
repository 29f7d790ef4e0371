import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Database, dataSourceOptions } from '@adiuva/platform';
import { PgvectorStore } from '../../libs/vectors/src/index/vectors.pgvector.adapter';
import { startScratchDatabase } from '../support/scratch-database';
import { vectorStoreContract } from './vector-store.port';

/** A PostgreSQL with pgvector: the one of `PGVECTOR_TEST_URL`, else the WebAssembly build of both, which takes one connection. */
async function startPgvector(): Promise<{ readonly database: Database; stop(): Promise<void> }> {
  const given = process.env['PGVECTOR_TEST_URL'];
  if (given !== undefined) return connect(given, () => Promise.resolve());
  const server = spawn(process.execPath, [join(__dirname, '../support/processes/pgvector-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [address]: unknown[] = await once(server.stdout, 'data');
  return connect(`postgres://postgres@${String(address).trim()}/postgres`, async () => {
    server.stdin.end();
    await once(server, 'exit');
  });
}

async function connect(
  url: string,
  after: () => Promise<void>,
): Promise<{ readonly database: Database; stop(): Promise<void> }> {
  const source = await new DataSource(dataSourceOptions(url, [], 1)).initialize();
  return {
    database: new Database(source),
    stop: async () => {
      await source.destroy();
      await after();
    },
  };
}

describe('pgvector', () => {
  let postgres: Awaited<ReturnType<typeof startPgvector>>;

  afterAll(() => postgres.stop());

  vectorStoreContract(async () => {
    postgres = await startPgvector();
    const store = new PgvectorStore(postgres.database);
    return {
      store,
      write: (at, vectors) => store.upsert(at, vectors),
      remove: (at, ids) => store.remove(at, ids),
      drop: (at) => store.drop(at),
      erase: (userId) => store.erase(userId),
    };
  });

  test('a database without the extension is named as what is missing', async () => {
    const scratch = await startScratchDatabase(2);
    const store = new PgvectorStore(scratch.database);
    await expect(store.erase('0192f0c1-2f4e-7c1a-9a57-1d2f3e4a5b6c')).rejects.toMatchObject({ code: 'not_configured' });
    expect(await store.isUp()).toBe(false);
    await scratch.stop();
  });
});
