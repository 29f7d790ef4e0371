import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { clusterDirectory, clusterName, openCluster, type Cluster } from './postgres-cluster.adapter';
import { awaitUnused, freePort, PostgresProcess, readPostmaster } from './postgres-process.adapter';
import { errorCode, keepPort, readSecret } from './postgres-credentials.adapter';
import { databaseUrl, OWNER } from './postgres-settings';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster in `postgres/` and its password in `postgres.json`; made with mode 0700 when missing. */
  readonly dataDir: string;
  /** What `makeTemplate` made: a first start copies it, which takes a fifth of the time of `initdb`. Not needed. */
  readonly template?: string;
  /** In place of settings that the server runs with otherwise, for a database that nothing is lost with. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server that is a child of this process, kept running until it is stopped, and that ends when this process does. */
export interface EmbeddedPostgres {
  /** Of the database `adiuva` on 127.0.0.1, with the superuser's password; it stays the same over restarts of PostgreSQL. */
  readonly url: string;
  /** Tells in a sentence, without content, that PostgreSQL ended unexpectedly or is back; also of what was before. */
  onEvent(listener: (sentence: string) => void): void;
  /** Fast shutdown: open transactions are rolled back, committed ones are on disk. May be called more than once. */
  stop(): Promise<void>;
}

const START_ATTEMPTS = 3;
const CONNECT_MS = 5000;

/** SQLSTATEs. */
const STARTING = '57P03';
const WRONG_PASSWORD = '28P01';
const NO_DATABASE = '3D000';

interface Answer {
  readonly name?: string | undefined;
  readonly error?: unknown;
  readonly code?: string;
}

/** Starts the server of a data directory. Rejects with a sentence for the operator, which names DATA_DIR when another server has it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(resolve(options.dataDir), options.template);
  const start = (port: number): PostgresProcess => new PostgresProcess(cluster, port, options.settings);
  const first = await startFirst(cluster, start);
  keepPort(cluster.dataDir, cluster.secret, first.port);
  return new Supervisor(cluster, first, start);
}

/**
 * Makes a cluster with a database that `fill` puts a schema into, and leaves its files in `template`, in place of what was there.
 * They hold a password that no copy has.
 */
export async function makeTemplate(template: string, fill: (url: string) => Promise<unknown>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-template-'));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir });
    await fill(postgres.url).finally(() => postgres.stop());
    rmSync(template, { recursive: true, force: true });
    cpSync(clusterDirectory(dataDir), template, { recursive: true });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The URL of the server that runs on a data directory now, whichever process started it; null when none does. */
export async function connectEmbeddedPostgres(dataDir: string): Promise<string | null> {
  const secret = readSecret(resolve(dataDir));
  const directory = clusterDirectory(resolve(dataDir));
  const postmaster = secret && readPostmaster(directory);
  if (!secret || !postmaster) return null;
  const url = databaseUrl(secret.password, postmaster.port);
  const deadline = performance.now() + CONNECT_MS;
  for (;;) {
    const { name, code } = await ask(url, "SELECT current_setting('cluster_name') AS name");
    if (code !== STARTING || performance.now() > deadline) return name === clusterName(directory) ? url : null;
    await pause(50);
  }
}

class Supervisor implements EmbeddedPostgres {
  readonly url: string;
  private stopping: Promise<void> | undefined;
  private listener: ((sentence: string) => void) | undefined;
  private readonly events: string[] = [];
  private readonly halt = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly cluster: Cluster,
    private current: PostgresProcess,
    private readonly start: (port: number) => PostgresProcess,
  ) {
    this.url = databaseUrl(cluster.secret.password, current.port);
    this.running = this.supervise();
  }

  onEvent(listener: (sentence: string) => void): void {
    this.listener = listener;
    for (const event of this.events.splice(0)) listener(event);
  }

  async stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async supervise(): Promise<void> {
    for (;;) {
      const reason = await this.current.ended;
      if (this.halt.signal.aborted) return;
      this.log(`PostgreSQL ended unexpectedly (${reason}) and is started again`);
      await this.restart();
    }
  }

  /** On the same port, because the pools know no other; tried until it works or we are stopped. */
  private async restart(): Promise<void> {
    for (let delay = 100; !this.halt.signal.aborted; delay = Math.min(delay * 2, 2000)) {
      try {
        await awaitUnused(this.cluster);
        if (this.halt.signal.aborted) return;
        this.current = this.start(this.current.port);
        await this.current.ready();
        return this.log('PostgreSQL is running again');
      } catch (error) {
        if (this.halt.signal.aborted) return;
        this.log(error instanceof Error ? error.message : 'PostgreSQL did not start');
        await pause(delay, undefined, { signal: this.halt.signal }).catch(() => undefined);
      }
    }
  }

  private log(event: string): void {
    if (this.listener) this.listener(event);
    else this.events.push(event);
  }

  private async end(): Promise<void> {
    this.halt.abort();
    await this.current.stop();
    await this.running;
  }
}

/** Another attempt also helps when another process took the port, or when backends of a killed server are still leaving. */
async function startFirst(cluster: Cluster, start: (port: number) => PostgresProcess): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt += 1) {
    await awaitUnused(cluster);
    const started = start(await freePort(cluster.secret.port));
    try {
      await started.ready();
      await ensureDatabase(cluster, started.port);
      return started;
    } catch (error) {
      await started.stop();
      if (attempt === START_ATTEMPTS) throw error;
      await pause(attempt * 100);
    }
  }
}

async function ensureDatabase({ dataDir, secret }: Cluster, port: number): Promise<void> {
  let answer = await ask(databaseUrl(secret.password, port), 'SELECT');
  if (answer.code === NO_DATABASE) {
    answer = await ask(databaseUrl(secret.password, port, 'postgres'), `CREATE DATABASE ${OWNER}`);
  }
  if (answer.code === WRONG_PASSWORD) {
    throw new Error(`The password in ${dataDir}/postgres.json is not that of the cluster beside it; restore the file.`);
  }
  if (answer.error) throw answer.error;
}

/** The one column `name` of the first row, or the error. */
async function ask(url: string, sql: string): Promise<Answer> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks while nothing is asked must not end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name?: string }>(sql);
    return { name: rows[0]?.name };
  } catch (error) {
    return { error, code: errorCode(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}
