import type { Client } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations';

export type Entities = readonly (new () => object)[];

const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** How TypeORM reaches the database, the same for the server, the commands and the tests. */
export function dataSourceOptions(url: string, entities: Entities, pool: number): DataSourceOptions {
  return {
    type: 'postgres',
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
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      // Between the pool and TypeORM there are moments when nobody listens, and an error that nobody hears would end the process. Whoever uses
      // a connection that has died learns of it from his next statement.
      onConnect: (client: Client) => void client.on('error', () => undefined),
    },
  };
}
