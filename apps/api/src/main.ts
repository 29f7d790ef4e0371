import './thread-pool.config';
import 'reflect-metadata';
import { join } from 'node:path';
import { ConfigurationError, DatabaseConfig, Environment, ServerConfig } from '@adiuva/config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@adiuva/embedded';

/**
 * Loading the code takes as long as the first start of the embedded PostgreSQL, so both run concurrently: the modules are loaded in groups,
 * and between two of them the event loop serves the start of the database.
 */
const PRELOAD: readonly (() => Promise<unknown>)[] = [
  () => import('@nestjs/core'),
  () => import('@nestjs/swagger'),
  () => import('typeorm'),
  () => import('@adiuva/platform'),
  () => import('@adiuva/auth'),
  () => import('@adiuva/chat'),
  () => import('@adiuva/marketplace'),
  () => import('./edge/edge.module'),
  () => import('./auth/auth-routes.module'),
  () => import('./chat/chat-routes.module'),
  () => import('./storage/storage-routes.module'),
  () => import('./marketplace/marketplace-routes.module'),
];

/** In `dist`, where `npm ci` puts it; sources have none. */
const TEMPLATE = join(__dirname, '../../../postgres-template');

async function main(): Promise<void> {
  let postgres: Promise<EmbeddedPostgres> | undefined;
  try {
    const environment = Environment.ofProcess();
    postgres = startPostgres(environment);
    for (const load of PRELOAD) {
      await load();
      await new Promise((turn) => setImmediate(turn));
    }
    const { serve } = await import('./serve');
    await serve(environment, postgres === undefined ? {} : { postgres });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'The server cannot start'}\n`);
    await postgres?.then(
      (started) => started.stop(),
      () => undefined,
    );
    process.exit(1);
  }
}

function startPostgres(environment: Environment): Promise<EmbeddedPostgres> | undefined {
  const dataDir = embeddedDirectory(environment);
  if (dataDir === undefined) return undefined;
  const postgres = startEmbeddedPostgres({ dataDir, template: TEMPLATE });
  // The reason is reported where the promise is awaited.
  postgres.catch(() => undefined);
  return postgres;
}

/** Undefined where another database is given, and where the configuration has faults, which are reported together later. */
function embeddedDirectory(environment: Environment): string | undefined {
  try {
    const { DATA_DIR: dataDir } = new ServerConfig(environment);
    return new DatabaseConfig(environment).DATABASE_URL === undefined ? dataDir : undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

void main();
