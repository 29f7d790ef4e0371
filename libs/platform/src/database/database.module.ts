import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationError } from '@adiuva/config';
import { DatabaseConfig, ServerConfig } from '@adiuva/config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@adiuva/embedded';
import { Log } from '../logging/log.service';
import { TracingModule } from '../tracing/tracing.module';
import { Database } from './database.service';
import { DatabaseServer } from './database-server.service';
import { DeadlineClient } from './deadline-client.adapter';
import { dataSourceOptions, type Entities } from './data-source';
import { migrate } from './migrate.service';

const TRANSACTION_POOLER =
  'DATABASE_URL: leads to a pooler such as PgBouncer in transaction mode; connect to PostgreSQL directly, or use pool_mode = session ' +
  '(sessions are needed for LISTEN, advisory locks and prepared statements)';
/** SQLSTATE of a protocol violation. */
const UNSUPPORTED_STARTUP = '08P01';

@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    private readonly server: DatabaseServer,
  ) {}

  /** `postgres` is the embedded server where it has been started already. */
  static with(entities: Entities, postgres?: Promise<EmbeddedPostgres>): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TracingModule],
      providers: [
        {
          provide: DatabaseServer,
          useFactory: (config: ServerConfig, database: DatabaseConfig, log: Log) =>
            openServer(config, database, log, postgres),
          inject: [ServerConfig, DatabaseConfig, Log],
        },
        {
          provide: DataSource,
          useFactory: (server: DatabaseServer, database: DatabaseConfig, config: ServerConfig) =>
            openSource(server, entities, database, config),
          inject: [DatabaseServer, DatabaseConfig, ServerConfig],
        },
        Database,
      ],
      exports: [Database, DatabaseServer, DataSource],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
    await this.server.stop();
  }
}

async function openServer(
  { DATA_DIR: dataDir }: ServerConfig,
  { DATABASE_URL: given }: DatabaseConfig,
  log: Log,
  started?: Promise<EmbeddedPostgres>,
): Promise<DatabaseServer> {
  if (given !== undefined) return new DatabaseServer(given, false);
  const postgres = await (started ?? startEmbeddedPostgres({ dataDir }));
  postgres.onEvent((event) => log.warn('embedded_postgres', { reason: event }));
  return new DatabaseServer(postgres.url, true, () => postgres.stop());
}

async function openSource(
  server: DatabaseServer,
  entities: Entities,
  database: DatabaseConfig,
  config: ServerConfig,
): Promise<DataSource> {
  const source = new DataSource(dataSourceOptions(server.url, entities, database.DATABASE_POOL));
  try {
    await source.initialize();
    if (!server.embedded) await assertOwnSessions(server.url);
    if (server.embedded) await migrate(source, server.url);
    else if (await source.showMigrations()) await bringUp(source, server, config);
    return source;
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    await server.stop();
    throw server.embedded || error instanceof ConfigurationError ? error : unusable(error);
  }
}

/** In production a person decides when the schema changes; elsewhere a server on an old schema would only fail at every request. */
async function bringUp(source: DataSource, server: DatabaseServer, config: ServerConfig): Promise<void> {
  if (config.ENV !== 'prod') return void (await migrate(source, server.url));
  throw new ConfigurationError(['DATABASE_URL: the database has pending migrations; run `npm run migrate` first']);
}

/**
 * A pooler in transaction mode gives each statement any connection of the server: notifications, locks and prepared statements would be
 * lost without an error. There, a session sees another process of the server while a transaction of another session occupies the first.
 */
async function assertOwnSessions(url: string): Promise<void> {
  const [one, two] = [new DeadlineClient(url), new DeadlineClient(url)];
  const processOf = async (client: DeadlineClient): Promise<number | undefined> =>
    (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  try {
    await Promise.all([one.connect(), two.connect()]);
    const before = await processOf(one);
    await two.query('BEGIN');
    await processOf(two);
    if ((await processOf(one)) !== before) throw new ConfigurationError([TRANSACTION_POOLER]);
  } finally {
    await Promise.all([one.end(), two.end()].map((end) => end.catch(() => undefined)));
  }
}

/** The driver's message may hold names, so only its code is shown. */
function unusable(error: unknown): ConfigurationError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === UNSUPPORTED_STARTUP) return new ConfigurationError([TRANSACTION_POOLER]);
  return new ConfigurationError([`DATABASE_URL: the database cannot be used (${code})`]);
}
