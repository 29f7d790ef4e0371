import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { Database, dataSourceOptions, migrate } from '@adiuva/platform';

/** A real PostgreSQL of its own with our schema, for tests of what stands right above the database. */
export interface ScratchDatabase {
  readonly database: Database;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startScratchDatabase(pool = 30): Promise<ScratchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'adiuva-pg-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const source = await new DataSource(dataSourceOptions(postgres.url, [], pool)).initialize();
  await migrate(source, postgres.url);
  return {
    database: new Database(source),
    url: postgres.url,
    stop: async () => {
      await source.destroy();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
