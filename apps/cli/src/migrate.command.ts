import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ConfigurationError, DatabaseConfig, type Environment } from '@adiuva/config';
import { makeTemplate } from '@adiuva/embedded';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';

/** In `dist`, where the server looks for it. */
const TEMPLATE = join(__dirname, '../../../postgres-template');

export async function migrateDatabase(environment: Environment): Promise<string> {
  const { DATABASE_URL: url, DATABASE_POOL: pool } = new DatabaseConfig(environment);
  if (url === undefined)
    throw new ConfigurationError(['DATABASE_URL: not set; the embedded database is migrated when the server starts']);
  const done = await migrateAt(url, pool);
  return done.length === 0 ? 'The schema is up to date.' : `Applied: ${done.join(', ')}`;
}

/** For `npm ci`: makes beforehand what the first start of the embedded database would take its time for. */
export async function makeDatabaseTemplate(): Promise<string> {
  try {
    await makeTemplate(TEMPLATE, (url) => migrateAt(url, 3));
    return 'The embedded database is prepared.';
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return `The embedded database will be made by the first start, because it could not be made here: ${reason}`;
  }
}

async function migrateAt(url: string, pool: number): Promise<readonly string[]> {
  const source = await new DataSource(dataSourceOptions(url, ENTITIES, pool)).initialize();
  try {
    return await migrate(source, url);
  } finally {
    await source.destroy();
  }
}
