import { DataSource } from 'typeorm';
import { ConfigurationError, DatabaseConfig, type Environment } from '@adiuva/config';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';

export async function migrateDatabase(environment: Environment): Promise<string> {
  const { DATABASE_URL: url, DATABASE_POOL: pool } = new DatabaseConfig(environment);
  if (url === undefined)
    throw new ConfigurationError(['DATABASE_URL: not set; the embedded database is migrated when the server starts']);
  const source = await new DataSource(dataSourceOptions(url, ENTITIES, pool)).initialize();
  try {
    const done = await migrate(source, url);
    return done.length === 0 ? 'The schema is up to date.' : `Applied: ${done.join(', ')}`;
  } finally {
    await source.destroy();
  }
}
