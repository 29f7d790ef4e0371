import 'reflect-metadata';
import { join } from 'node:path';
import { DatabaseConfig, Environment, ServerConfig } from '@adiuva/config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@adiuva/embedded';

/**
 * Loading the code takes as long as the first start of the embedded PostgreSQL, so both go on at once: the modules are loaded in a few
 * pieces, and between two of them the database's next step gets its turn.
 */
const PIECES: readonly (() => Promise<unknown>)[] = [
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
    for (const load of PIECES) {
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
  if (new DatabaseConfig(environment).DATABASE_URL !== undefined) return undefined;
  const postgres = startEmbeddedPostgres({ dataDir: new ServerConfig(environment).DATA_DIR, template: TEMPLATE });
  // Whoever waits for it gets the reason.
  postgres.catch(() => undefined);
  return postgres;
}

void main();
