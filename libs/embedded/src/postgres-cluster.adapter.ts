import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findAccount, giveTo } from './postgres-account.adapter';
import { CLEAN_ENVIRONMENT, findBinaries, type Account, type Binaries } from './postgres-binaries.adapter';
import { readOrMakeSecret, type Secret } from './postgres-secret.adapter';
import { INITDB_ARGUMENTS, OWNER } from './postgres-settings';

/** The files of one database server and what is needed to run it. */
export interface Cluster {
  readonly dataDir: string;
  /** `<dataDir>/postgres`, mode 0700, whole since its first moment. */
  readonly directory: string;
  /** Follows the directory wherever it is moved, and tells it from a copy. */
  readonly name: string;
  readonly account: Account | null;
  readonly binaries: Binaries;
  readonly secret: Secret;
}

const DRAFT = 'postgres.new-';
const ABANDONED_MS = 10 * 60_000;

/** Opens the cluster of a data directory, making it when there is none or only half of one. */
export async function openCluster(dataDir: string, log: (message: string) => void): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const directory = clusterDirectory(dataDir);
  const account = findAccount(directory);
  const binaries = findBinaries(account);
  const secret = readOrMakeSecret(dataDir);
  sweep(dataDir);
  setBrokenAside(directory, log);
  if (!existsSync(directory)) await makeCluster(dataDir, directory, account, binaries, secret);
  checkVersion(directory, binaries);
  giveTo(account, directory);
  return { dataDir, directory, name: clusterName(directory), account, binaries, secret };
}

export function clusterDirectory(dataDir: string): string {
  return join(dataDir, 'postgres');
}

export function clusterName(directory: string): string {
  return `${OWNER}-${statSync(directory).ino}`;
}

/**
 * How a process of ours names its working directory: as root the way to it may be closed to the account that PostgreSQL runs as, but a
 * process may always go to where it stands.
 */
export function ownDirectory(account: Account | null, directory: string): string {
  return account && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : directory;
}

/** Made beside its place and then renamed, so that whoever dies on the way leaves nothing that looks like a cluster. */
async function makeCluster(
  dataDir: string,
  directory: string,
  account: Account | null,
  binaries: Binaries,
  { password }: Secret,
): Promise<void> {
  const draft = mkdtempSync(join(dataDir, DRAFT));
  try {
    giveTo(account, draft);
    await initdb(draft, account, binaries, password);
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another server may have been faster; its cluster has the same password.
    if (!existsSync(directory)) throw error;
  }
}

async function initdb(
  draft: string,
  account: Account | null,
  { initdb: program }: Binaries,
  password: string,
): Promise<void> {
  const windows = process.platform === 'win32';
  const passwordFile = windows ? `${draft}.password` : '/dev/stdin';
  if (windows) writeFileSync(passwordFile, password, { mode: 0o600 });
  const where = ownDirectory(account, draft);
  const args = ['-D', where, '-U', OWNER, `--pwfile=${passwordFile}`, ...INITDB_ARGUMENTS];
  // `cat` makes a pipe of Node's socket, which cannot be opened by name.
  const [command, ...rest] = windows ? [program, ...args] : ['/bin/sh', '-c', 'cat | exec "$0" "$@"', program, ...args];
  const child = spawn(command ?? program, rest, {
    cwd: draft,
    ...(windows ? {} : { env: CLEAN_ENVIRONMENT }),
    ...(account ?? {}),
  });
  child.stdin.on('error', () => undefined).end(`${password}\n`);
  child.stdout.resume();
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message)).once('close', resolve);
  });
  if (windows) rmSync(passwordFile, { force: true });
  if (code !== 0)
    throw new Error(`PostgreSQL could not make a cluster in ${draft} (${String(code)}): ${complaint.trim()}`);
}

/** Drafts that a crash left behind; a young one may be another server's. */
function sweep(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    if (!name.startsWith(DRAFT)) continue;
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Never deleted: somebody may want to look at it. */
function setBrokenAside(directory: string, log: (message: string) => void): void {
  if (!existsSync(directory) || (isFilled(directory, 'PG_VERSION') && isFilled(directory, 'global/pg_control'))) return;
  const aside = `${directory}.broken-${Date.now()}`;
  renameSync(directory, aside);
  log(`${directory} was not a whole PostgreSQL cluster; it is now ${aside} and a new one is made`);
}

function isFilled(directory: string, file: string): boolean {
  return (statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function checkVersion(directory: string, { major }: Binaries): void {
  const found = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(
    `${directory} was made by PostgreSQL ${found}, but PostgreSQL ${major} is installed: ` +
      'dump it with the old version and load it into the new one, or install the old version.',
  );
}
