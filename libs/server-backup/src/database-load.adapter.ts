import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Problem } from '@adiuva/kernel';
import { createSchema } from '@adiuva/platform';
import { quoted, SESSION, TABLES } from './copy-format';
import { partOfTable, type DumpedTable, type Manifest } from './manifest';

const CLIENTS = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'adiuva%' AND pid <> pg_backend_pid()`;
const RELATIONS = `SELECT count(*)::int AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname IN ('public', 'graphile_worker')`;
/** No worker of the former server will complete its jobs: they start again. */
const UNLOCK_JOBS = `SELECT graphile_worker.force_unlock_workers(ARRAY(
  SELECT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL UNION
  SELECT locked_by FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL))`;

export interface DatabaseState {
  /** Whether a server or another command is connected. */
  readonly inUse: boolean;
  readonly empty: boolean;
}

export async function inspectDatabase(url: string): Promise<DatabaseState> {
  return withClient(url, async (client) => {
    const [clients, relations] = [
      await client.query<{ count: number }>(CLIENTS),
      await client.query<{ count: number }>(RELATIONS),
    ];
    return { inUse: clients.rows[0]?.count !== 0, empty: relations.rows[0]?.count === 0 };
  });
}

/**
 * Makes the schema of the backup and loads every row, in one transaction: a load that is interrupted leaves empty tables. What is in the tables
 * before is deleted. Foreign keys are checked; triggers of ours do not run, because their effects are rows of the backup themselves.
 */
export async function loadDatabase(
  url: string,
  manifest: Manifest,
  open: (part: string) => AsyncIterable<Buffer>,
): Promise<void> {
  await createSchema(url, manifest.migrations);
  await withClient(url, async (client) => {
    await assertColumns(client, manifest);
    await client.query('BEGIN');
    const tables = manifest.tables.map(nameOf);
    await client.query(tables.map((name) => `ALTER TABLE ${name} DISABLE TRIGGER USER`).join('; '));
    await client.query(`TRUNCATE ${tables.join(', ')}`);
    for (const table of manifest.tables) await loadTable(client, table, open(partOfTable(table)));
    for (const { schema, name, value, isCalled } of manifest.sequences) {
      await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [nameOf({ schema, name }), value, isCalled]);
    }
    await client.query(UNLOCK_JOBS);
    await client.query(tables.map((name) => `ALTER TABLE ${name} ENABLE TRIGGER USER`).join('; '));
    await client.query('COMMIT');
    await client.query('ANALYZE');
  });
}

async function loadTable(client: Client, table: DumpedTable, bytes: AsyncIterable<Buffer>): Promise<void> {
  const columns = table.columns.map(quoted).join(', ');
  const copy = client.query(copyFrom(`COPY ${nameOf(table)} (${columns}) FROM STDIN`));
  await pipeline(Readable.from(bytes), createGunzip(), copy);
  if (copy.rowCount === table.rows) return;
  const detail = `The backup is damaged: ${table.name} has ${copy.rowCount} rows instead of ${table.rows}.`;
  throw new Problem('conflict', { detail });
}

/** The job queue has a schema of its own package, which may be another one than when the backup was made. */
async function assertColumns(client: Client, { tables, release }: Manifest): Promise<void> {
  const { rows } = await client.query<Omit<DumpedTable, 'rows'>>(TABLES);
  const known = new Map(rows.map((table) => [nameOf(table), new Set(table.columns)]));
  for (const table of tables) {
    const missing = table.columns.find((column) => known.get(nameOf(table))?.has(column) !== true);
    if (missing === undefined) continue;
    const detail = `This version has no column ${table.name}.${missing}: restore with version ${release}, and upgrade then.`;
    throw new Problem('conflict', { detail });
  }
}

function nameOf({ schema, name }: Pick<DumpedTable, 'schema' | 'name'>): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'adiuva-restore', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(SESSION);
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
