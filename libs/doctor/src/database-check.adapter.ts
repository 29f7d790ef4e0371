import { Client } from 'pg';
import { migrationNames } from '@adiuva/platform';
import { clockCheck, fault, ok, warning, type Check } from './check';

const TIMEOUT_MS = 5_000;
const MIN_VERSION = 15;
const STATE = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
  current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit, current_setting('max_connections')::int AS connections,
  to_regclass('public.migrations') IS NOT NULL AS migrated`;

interface DatabaseState {
  readonly version: string;
  readonly major: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly connections: number;
  readonly migrated: boolean;
}

/** Whether the database answers, and is as the server needs it. Reads only. */
export async function checkDatabase(url: string, pool: number): Promise<readonly Check[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<DatabaseState>(STATE);
    const [state] = rows;
    if (!state) return [];
    return [...stateChecks(state, pool), await migrationCheck(client, state), await clock(client)];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const remedy = 'Start PostgreSQL, and check address, user and password of DATABASE_URL.';
    return [fault('database', `does not answer (${code})`, remedy)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function stateChecks(state: DatabaseState, pool: number): readonly Check[] {
  const checks: Check[] = [];
  if (state.major < MIN_VERSION)
    checks.push(
      fault('database', `is PostgreSQL ${state.version}`, `Upgrade it to PostgreSQL ${MIN_VERSION} or later.`),
    );
  else checks.push(ok('database', `PostgreSQL ${state.version} answers`));
  if (state.encoding !== 'UTF8')
    checks.push(fault('database', `has the encoding ${state.encoding}`, 'Create the database with ENCODING UTF8.'));
  const unsafe = (['fsync', 'full_page_writes', 'synchronous_commit'] as const).filter((name) => state[name] === 'off');
  if (unsafe.length > 0) {
    const remedy = 'Set them to on in postgresql.conf, and on the role and database.';
    checks.push(fault('database', `a power cut loses acknowledged writes: ${unsafe.join(', ')} off`, remedy));
  }
  if (state.connections < 2 * pool) {
    const message = `max_connections is ${state.connections}, and one process uses up to ${pool} and some for jobs`;
    checks.push(
      warning('database', message, 'Raise max_connections or lower DATABASE_POOL, for the number of processes.'),
    );
  }
  return checks;
}

async function migrationCheck(client: Client, { migrated }: DatabaseState): Promise<Check> {
  const known = migrationNames();
  const { rows } = migrated ? await client.query<{ name: string }>('SELECT name FROM public.migrations') : { rows: [] };
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = [...applied].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const remedy = 'Run the version of the server that made them, or a later one.';
    return fault('schema', `has ${unknown.length} migrations of a later version, such as ${unknown[0]}`, remedy);
  }
  const pending = known.filter((name) => !applied.has(name)).length;
  if (pending === 0) return ok('schema', `all ${known.length} migrations are applied`);
  return fault(
    'schema',
    `${pending} migrations are pending`,
    'Run `npm run migrate` (the embedded database is migrated by the start).',
  );
}

/** The time on the way is taken to be the same in both directions. */
async function clock(client: Client): Promise<Check> {
  const before = Date.now();
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const here = (before + Date.now()) / 2;
  return clockCheck(here - (rows[0]?.now.getTime() ?? here));
}
