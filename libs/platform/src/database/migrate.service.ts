import { runMigrations as migrateJobs } from 'graphile-worker';
import { Logger } from 'graphile-worker';
import type { DataSource } from 'typeorm';

/** Serialises migrations of several nodes that start concurrently; any number that nothing else uses. */
const MIGRATION_LOCK = 4_103_251_877;

/** Brings the schema, and the job queue's, to what this version of the code needs. Safe to run concurrently from several processes. */
export async function migrate(source: DataSource, url: string): Promise<readonly string[]> {
  const runner = source.createQueryRunner();
  await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    const done = await source.runMigrations({ transaction: 'each' });
    await migrateJobs({ connectionString: url, logger: new Logger(() => () => undefined) });
    return done.map((migration) => migration.name);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
  }
}
