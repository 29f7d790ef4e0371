import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownDirectory } from './postgres-os-user.adapter';
import { CLEAN_ENVIRONMENT } from './postgres-binaries.adapter';
import type { Cluster } from './postgres-cluster.adapter';
import { errorCode } from './postgres-credentials.adapter';
import { parsePostmaster, serverArguments, type Postmaster } from './postgres-settings';

/** A server whose parent was killed begins to end by itself within the first time and has ended within the second. */
const NOTICE_MS = 2500;
const HANDOVER_MS = 10_000;
const READY_MS = 120_000;
const LOCK_FILE_MS = 1000;
const POLL_MS = 10;
const GRACE_MS = 5000;

/**
 * Becomes PostgreSQL, leaving behind a watchdog that holds our pipe: a word on it means that PostgreSQL is gone or ours to stop, its end
 * without a word that we died, and then PostgreSQL is shut down. The watchdog is detached, because the postmaster must not see an unknown child.
 */
const WATCHED = `
exec 3<&0 </dev/null
( ( trap '' HUP INT QUIT TERM
    read -r word <&3 && exit 0
    kill -INT $$
    sleep 2
    read -r pid <postmaster.pid && [ "$pid" = $$ ] && kill -QUIT $$
  ) >/dev/null 2>&1 & )
exec "$0" "$@" 3<&-`;

/** One run of the server. */
export class PostgresProcess {
  /** Why it ended, in words without content. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcessWithoutNullStreams;
  private complaint = '';
  private end: string | undefined;

  constructor(
    private readonly cluster: Cluster,
    readonly port: number,
    settings: Readonly<Record<string, string>> = {},
  ) {
    this.child = launch(cluster, port, settings);
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.resume();
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-2000);
    });
    this.ended = new Promise((resolve) => {
      const settle = (reason: string): void => {
        this.end = reason;
        this.child.stdin.end('gone\n');
        resolve(reason);
      };
      this.child.once('error', (error) => settle(error.message));
      this.child.once('exit', (code, signal) => settle(signal ?? `code ${code}`));
    });
  }

  /** Resolves when it takes connections; rejects with PostgreSQL's own last words when it ends before. */
  async ready(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    while (performance.now() < deadline) {
      if (this.end !== undefined) throw new Error(`PostgreSQL did not start (${this.end}): ${this.complaint.trim()}`);
      const postmaster = readPostmaster(this.cluster.directory);
      if (postmaster?.pid === this.child.pid && postmaster?.ready) return;
      await pause(POLL_MS);
    }
    await this.stop();
    throw new Error(`PostgreSQL was not ready within ${READY_MS / 1000} s.`);
  }

  /** Fast shutdown, then harder ways; none of them loses a committed transaction. */
  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (this.end !== undefined) return;
      this.child.kill(signal);
      const timer = new AbortController();
      await Promise.race([this.ended, pause(GRACE_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
  }
}

export function readPostmaster(directory: string): Postmaster | null {
  try {
    return parsePostmaster(readFileSync(join(directory, 'postmaster.pid'), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Waits for a server that is ending, removes what a dead one left, and rejects when the cluster stays in use. Nothing is ever killed here:
 * a server without a parent ends by itself, and a number in an old file may be anybody's by now.
 */
export async function awaitUnused({ dataDir, directory, name }: Cluster): Promise<void> {
  const began = performance.now();
  for (;;) {
    const postmaster = readPostmaster(directory);
    if (!postmaster) {
      if (removeUnreadable(directory)) return;
      await pause(POLL_MS * 5);
      continue;
    }
    if (!(await isServed(directory, postmaster.port)) && !isOurs(postmaster.pid, name)) {
      removeReused(directory, postmaster);
      return;
    }
    if (performance.now() - began > (postmaster.ready ? NOTICE_MS : HANDOVER_MS)) {
      throw new Error(`DATA_DIR ${dataDir} is in use by another server (its PostgreSQL is process ${postmaster.pid}).`);
    }
    await pause(POLL_MS * 5);
  }
}

/** The preferred port when it is free, else one that is. */
export async function freePort(preferred: number): Promise<number> {
  return (preferred > 0 ? await tryPort(preferred) : null) ?? (await tryPort(0)) ?? preferred;
}

function launch(
  { directory, account, binaries, name }: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const args = ['-D', ownDirectory(account, directory), ...serverArguments(name, port, settings)];
  // A session of its own, so that Ctrl-C in a terminal reaches us alone and we end PostgreSQL last.
  if (process.platform === 'win32') return spawn(binaries.postgres, args, { cwd: directory, windowsHide: true });
  return spawn('/bin/sh', ['-c', WATCHED, binaries.postgres, ...args], {
    cwd: directory,
    detached: true,
    env: CLEAN_ENVIRONMENT,
    ...(account ?? {}),
  });
}

/** Asks the socket that lies in the cluster, which is right also for a server in another container; the port decides where there is none. */
async function isServed(directory: string, port: number): Promise<boolean> {
  const file = `.s.PGSQL.${port}`;
  const long = join(directory, file);
  const short = [long, relative('.', long)].find((path) => path.length < 100);
  if (process.platform === 'win32') return answers({ host: '127.0.0.1', port });
  if (short) return answers({ path: short });
  if (process.platform !== 'linux') return answers({ host: '127.0.0.1', port });
  const handle = openSync(directory, 'r');
  try {
    return await answers({ path: `/proc/self/fd/${handle}/${file}` });
  } finally {
    closeSync(handle);
  }
}

async function answers(address: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(true));
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))));
    socket.once('connect', () => socket.destroy());
  });
}

/** A server that has closed its sockets, or not opened them yet, is known by the name among its arguments. */
function isOurs(pid: number, name: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`cluster_name=${name}\0`);
  } catch {
    if (process.platform === 'linux' || process.platform === 'win32') return false;
    const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      env: CLEAN_ENVIRONMENT,
    });
    return `${stdout} `.includes(`cluster_name=${name} `);
  }
}

/**
 * A lock file without a process number, as a full disk or a power cut leaves it, would keep PostgreSQL from starting for ever. PostgreSQL
 * writes the number right after it makes the file, so a young one may be complete in a moment. True when there is none (any more).
 */
function removeUnreadable(directory: string): boolean {
  const file = join(directory, 'postmaster.pid');
  const written = statSync(file, { throwIfNoEntry: false });
  if (!written || Number.parseInt(readFileSync(file, 'utf8'), 10)) return true;
  if (Date.now() - written.mtimeMs < LOCK_FILE_MS) return false;
  rmSync(file, { force: true });
  return true;
}

/** PostgreSQL replaces the lock files of a dead process itself, but takes any living one for a server. */
function removeReused(directory: string, { pid, port }: Postmaster): void {
  if (process.platform === 'win32' || !isAlive(pid)) return;
  rmSync(join(directory, 'postmaster.pid'), { force: true });
  rmSync(join(directory, `.s.PGSQL.${port}.lock`), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}
