import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { DeadlineClient } from './deadline-client.adapter';
import { MIGRATIONS } from './migrations';

export type Entities = readonly (new () => object)[];

/** For a new connection, and for one of the pool to become free: a database of a busy machine takes seconds for a burst of connections. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A request after a short rest pays for no new connection. */
const IDLE_TIMEOUT_MS = 60_000;

/** How TypeORM reaches the database, the same for the server, the commands and the tests. */
export function dataSourceOptions(
  url: string,
  entities: Entities,
  pool: number,
  client: typeof DeadlineClient = DeadlineClient,
): DataSourceOptions {
  return {
    type: 'postgres',
    // The same copy as ours in the bundled server, where TypeORM would load another one by its name.
    driver: pg,
    url,
    entities: [...entities],
    migrations: [...MIGRATIONS],
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: pool,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'adiuva',
    extra: {
      keepAlive: true,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      Client: client,
    },
  };
}
