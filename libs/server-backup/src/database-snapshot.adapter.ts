import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Problem } from '@adiuva/kernel';
import { OBJECT_DELETION_LOCK } from '@adiuva/platform';
import { inOrder, quoted, SESSION, TABLES, type TableLink } from './copy-format';
import type { DumpedSequence, DumpedTable } from './manifest';

/** For deletions of objects that are in progress, and for another backup. */
const LOCK_TIMEOUT = '2min';
const LOCK_NOT_AVAILABLE = '55P03';
const SEQUENCES = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND n.nspname IN ('public', 'graphile_worker') ORDER BY 1, 2`;
const LINKS = `SELECT format('%s.%s', cn.nspname, c.relname) AS "from", format('%s.%s', rn.nspname, r.relname) AS "to"
  FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
  JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE f.contype = 'f'`;

export interface SnapshotFacts {
  readonly snapshotAt: string;
  readonly postgres: string;
  readonly migrations: readonly string[];
  /** In an order in which no row precedes the row that it refers to. */
  readonly tables: readonly Omit<DumpedTable, 'rows'>[];
}

/**
 * One state of the whole database, and the lock that keeps every object which it names. The order makes a backup consistent while users write:
 * a writer stores an object before the transaction that names it, so the objects of the snapshot are in the store when it is taken; an object is
 * deleted only after the transaction that no longer names it, under a lock that is refused from before the snapshot until the objects are copied.
 * In the reverse order, objects first, an object could be written, named and deleted between the two and be missing.
 */
export class DatabaseSnapshot {
  private lost: Error | undefined;

  private constructor(private readonly client: Client) {
    client.on('error', (error) => (this.lost = error));
  }

  /** @throws `conflict` while another backup is made */
  static async take(url: string): Promise<DatabaseSnapshot> {
    const client = new Client({ connectionString: url, application_name: 'adiuva-backup', keepAlive: true });
    const snapshot = new DatabaseSnapshot(client);
    await client.connect();
    try {
      await client.query(`${SESSION}; SET lock_timeout = '${LOCK_TIMEOUT}'`);
      // Before the transaction, whose first statement fixes what it sees.
      await client.query('SELECT pg_advisory_lock($1)', [OBJECT_DELETION_LOCK]);
      await client.query('SET lock_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return snapshot;
    } catch (error) {
      await client.end();
      if (!(error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE)) throw error;
      throw new Problem('conflict', { detail: 'Another backup of this server is being made.' });
    }
  }

  /** Null before the first start of a server. */
  async installation(): Promise<string | null> {
    const { rows } = await this.client.query<{ id: string }>('SELECT id FROM installation');
    return rows[0]?.id ?? null;
  }

  async facts(): Promise<SnapshotFacts> {
    const { rows: now } = await this.client.query<{ at: Date; postgres: string }>(
      `SELECT now() AS at, current_setting('server_version') AS postgres`,
    );
    const { rows: migrations } = await this.client.query<{ name: string }>(
      'SELECT name FROM public.migrations ORDER BY "timestamp"',
    );
    const { rows: tables } = await this.client.query<Omit<DumpedTable, 'rows'>>(TABLES);
    const { rows: links } = await this.client.query<TableLink>(LINKS);
    return {
      snapshotAt: (now[0]?.at ?? new Date()).toISOString(),
      postgres: now[0]?.postgres ?? '',
      migrations: migrations.map(({ name }) => name),
      tables: inOrder(tables, links),
    };
  }

  /** The rows of a table, compressed; `count` receives their number at the end. */
  rows(table: Omit<DumpedTable, 'rows'>, count: (rows: number) => void): AsyncIterable<Buffer> {
    const columns = table.columns.map(quoted).join(', ');
    const copy = this.client.query(copyTo(`COPY ${quoted(table.schema)}.${quoted(table.name)} (${columns}) TO STDOUT`));
    const zip = createGzip({ level: 1 });
    copy.once('end', () => count(copy.rowCount));
    copy.once('error', (error) => zip.destroy(error));
    return copy.pipe(zip);
  }

  /** Not part of the snapshot, because sequences know no transactions: read after the rows, each is at or beyond the last number of a row. */
  async sequences(): Promise<DumpedSequence[]> {
    const { rows } = await this.client.query<{ schema: string; name: string }>(SEQUENCES);
    const sequences: DumpedSequence[] = [];
    for (const { schema, name } of rows) {
      const state = await this.client.query<{ value: string; isCalled: boolean }>(
        `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${quoted(schema)}.${quoted(name)}`,
      );
      sequences.push(...state.rows.map((values) => ({ schema, name, ...values })));
    }
    return sequences;
  }

  /** Ends the transaction, which holds back the vacuum of the whole database, and keeps the lock. */
  async endTransaction(): Promise<void> {
    await this.client.query('COMMIT');
  }

  /** Objects may have been deleted where the connection was lost. @throws `unavailable` */
  async assertHeld(): Promise<void> {
    await this.client.query('SELECT 1').catch((error: unknown) => {
      const cause = this.lost ?? error;
      throw new Problem('unavailable', {
        detail: 'The connection to the database was lost; start the backup again.',
        cause,
      });
    });
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}
