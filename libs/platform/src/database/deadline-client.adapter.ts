import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';

/** Beyond the server's own limit, so that ours is reached only where the server does not answer at all. */
const ANSWER_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** A migration may rewrite a table of any size, and waits for the migrations of another process. */
const MIGRATION_TIMEOUT_MS = 6 * 60 * 60_000;
const READ_TIMEOUT = 'Query read timeout';

/**
 * What our statements rely on, whatever the defaults of the database and of its roles are. Set by statements and not as startup parameters,
 * which PgBouncer refuses.
 */
const sessionSettings = (timeoutMs: number): string => `SET statement_timeout = ${timeoutMs};
  SET idle_in_transaction_session_timeout = ${timeoutMs};
  SET default_transaction_isolation = 'read committed';
  SET default_transaction_read_only = off;
  SET DateStyle = 'ISO, MDY';
  SET IntervalStyle = 'postgres';
  SET TimeZone = 'UTC';
  SET extra_float_digits = 1;
  SET bytea_output = 'hex';
  SET standard_conforming_strings = on`;

/** A connection that a server that has stopped answering cannot hold: it is closed with the first query that gets no answer. */
export class DeadlineClient extends Client {
  constructor(
    config: string | ClientConfig = {},
    private readonly timeoutMs = STATEMENT_TIMEOUT_MS,
  ) {
    super({
      query_timeout: timeoutMs + ANSWER_MS,
      ...(typeof config === 'string' ? { connectionString: config } : config),
    });
    // Between the pool and TypeORM there are moments without a listener, and an error event without one ends the process. The user of a
    // connection that was lost learns of it from the next statement.
    this.on('error', () => undefined);
  }

  // The overloads of `query` are one implementation in pg; the pool, TypeORM and we use the one that returns a promise.
  override query = ((...parameters: [QueryConfig]): unknown => {
    const answer: unknown = super.query(...parameters);
    if (answer instanceof Promise) (answer as Promise<QueryResult>).catch((error: unknown) => this.closeAfter(error));
    return answer;
  }) as Client['query'];

  // The session settings are part of connecting, so that no statement is queued behind them.
  override connect = ((callback?: (error?: Error) => void): unknown => {
    const ready = super.connect().then(async () => void (await this.query(sessionSettings(this.timeoutMs))));
    if (!callback) return ready;
    ready.then(() => callback(), callback);
    return undefined;
  }) as Client['connect'];

  private closeAfter(error: unknown): void {
    if (error instanceof Error && error.message === READ_TIMEOUT) void this.end().catch(() => undefined);
  }
}

/** The connection of migrations: its limit is one that no sound statement reaches. */
export class MigrationClient extends DeadlineClient {
  constructor(config?: string | ClientConfig) {
    super(config, MIGRATION_TIMEOUT_MS);
  }
}
