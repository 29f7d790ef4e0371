import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../../ormconfig';
import { TEMPLATE, withDatabase } from './database';

/** Setup and teardown are two modules of one process. */
const atTheEnd = globalThis as { stopServer?: () => Promise<void> };

/** Every database is made and dropped at a checkpoint, which would wait for the disk; several workers connect, each with several servers. */
const SETTINGS = { fsync: 'off', max_connections: '300' };

/**
 * One PostgreSQL for the whole run: the one of TEST_DATABASE_URL, or an embedded one of our own. The migrated template is made once;
 * every test file copies it.
 */
export default async function setUp(): Promise<void> {
  const given = process.env['TEST_DATABASE_URL'];
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-test-'));
  const server =
    given === undefined
      ? await startEmbeddedPostgres({ dataDir, settings: SETTINGS })
      : { url: given, stop: () => Promise.resolve() };
  process.env['TEST_SERVER_URL'] = server.url;
  atTheEnd.stopServer = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  await makeTemplate(server.url);
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const url = withDatabase(serverUrl, TEMPLATE);
  const source = await new DataSource(dataSourceOptions(url, ENTITIES, 2)).initialize();
  await migrate(source, url);
  await source.destroy();
}
