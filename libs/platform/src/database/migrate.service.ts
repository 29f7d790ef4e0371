import { runMigrations as migrateJobs } from 'graphile-worker';
import { Logger } from 'graphile-worker';
import { DataSource } from 'typeorm';
import { Problem } from '@adiuva/kernel';
import { dataSourceOptions } from './data-source';
import { MigrationClient } from './deadline-client.adapter';
import { MIGRATIONS } from './migrations';

/** Serialises migrations of several nodes that start concurrently; any number that nothing else uses. */
const MIGRATION_LOCK = 4_103_251_877;
/** One holds the lock while the other migrates. */
const CONNECTIONS = 2;

/**
 * Brings the schema, and the job queue's, to what this version of the code needs, on connections of its own without the time limit of requests.
 * Safe to run concurrently from several processes.
 */
export async function migrate({ options }: DataSource, url: string): Promise<readonly string[]> {
  const { migrations = [] } = options;
  const own = { ...dataSourceOptions(url, [], CONNECTIONS, MigrationClient), migrations };
  const source = await new DataSource(own).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await source.runMigrations({ transaction: 'each' });
    await migrateJobs({ connectionString: url, logger: new Logger(() => () => undefined) });
    return done.map((migration) => migration.name);
  } finally {
    // The lock ends with its connection.
    await runner.release();
    await source.destroy();
  }
}

/** Of all migrations of this version, in their order. */
export function migrationNames(): readonly string[] {
  return MIGRATIONS.map(({ name }) => name);
}

/**
 * Gives an empty database the schema that exactly the named migrations make, to load the data of a backup into; `migrate` then brings it up to
 * date. @throws `conflict` for a migration that this version does not have
 */
export async function createSchema(url: string, names: readonly string[]): Promise<void> {
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Problem('conflict', { detail: `This version does not know the migration ${unknown[0]}.` });
  const wanted = new Set(names);
  const options = dataSourceOptions(url, [], 2);
  const migrations = MIGRATIONS.filter(({ name }) => wanted.has(name));
  const source = await new DataSource({ ...options, migrations }).initialize();
  try {
    await migrate(source, url);
  } finally {
    await source.destroy();
  }
}
