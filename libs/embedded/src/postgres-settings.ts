/**
 * What our server runs with, whatever `postgresql.conf` says. Durability stays at PostgreSQL's own defaults (fsync, synchronous commit, full-page
 * writes). The messages are kept to FATAL without statement, detail or parameter, because an ERROR may quote what a user wrote.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Relative to the cluster, so that a long DATA_DIR cannot outgrow the 107 bytes of a socket address.
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '64MB',
  huge_pages: 'off',
  io_method: 'sync',
  jit: 'off',
  random_page_cost: '1.1',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  max_logical_replication_workers: '0',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_timezone: 'UTC',
  timezone: 'UTC',
} as const;

/** Arguments of `postgres`; `name` marks the process as the server of one cluster, and `others` replace settings of ours. */
export function serverArguments(name: string, port: number, others: Readonly<Record<string, string>> = {}): string[] {
  const settings = { ...SETTINGS, ...others, port: String(port), cluster_name: name };
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** Arguments of `initdb` but the directory and the password: UTF-8, ordered by code point, with Unicode's upper and lower case. */
export const INITDB_ARGUMENTS = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
] as const;

/** The superuser and the database share one name. */
export const OWNER = 'adiuva';

export function databaseUrl(password: string, port: number, database: string = OWNER): string {
  return `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** The lines of `postmaster.pid` that we need; null when the file is not (yet) whole. */
export function parsePostmaster(text: string): Postmaster | null {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}
