import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { Database, dataSourceOptions, migrate } from '@adiuva/platform';
import { testDatabase, type TestDatabase } from './database';

/** A real database of its own with our schema, for tests of what uses it without a server. */
export interface ScratchDatabase {
  readonly database: Database;
  readonly url: string;
  stop(): Promise<void>;
}

/** In a test run of the server of that run; else of an embedded one. */
export async function startScratchDatabase(pool = 30): Promise<ScratchDatabase> {
  const { url, drop } = process.env['TEST_SERVER_URL'] === undefined ? await embeddedDatabase() : await testDatabase();
  const source = await new DataSource(dataSourceOptions(url, [], pool)).initialize();
  return {
    database: new Database(source),
    url,
    stop: async () => {
      await source.destroy();
      await drop();
    },
  };
}

async function embeddedDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'adiuva-pg-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const source = await new DataSource(dataSourceOptions(server.url, [], 2)).initialize();
  await migrate(source, server.url);
  await source.destroy();
  return {
    url: server.url,
    drop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
