import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findAccount, chownTo } from './postgres-os-user.adapter';
import { findBinaries, type Account, type Binaries } from './postgres-binaries.adapter';
import { DRAFT, initCluster } from './postgres-init.adapter';
import { readOrCreateSecret, type Secret } from './postgres-credentials.adapter';
import { OWNER } from './postgres-settings';

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

const ABANDONED_MS = 10 * 60_000;

/** Opens the cluster of a data directory, making it when there is none, from the template where that is of use. */
export async function openCluster(dataDir: string, template?: string): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const directory = clusterDirectory(dataDir);
  const account = findAccount(directory);
  const binaries = findBinaries(account);
  const secret = readOrCreateSecret(dataDir);
  sweep(dataDir);
  refuseBroken(directory);
  if (!existsSync(directory)) await initCluster({ directory, account, binaries, secret }, template);
  checkVersion(directory, binaries);
  chownTo(account, directory);
  return { dataDir, directory, name: clusterName(directory), account, binaries, secret };
}

export function clusterDirectory(dataDir: string): string {
  return join(dataDir, 'postgres');
}

export function clusterName(directory: string): string {
  return `${OWNER}-${statSync(directory).ino}`;
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

/** Clusters appear whole, so this one has been damaged. An empty one in its place would make the blobs beside it look like orphans. */
function refuseBroken(directory: string): void {
  if (!existsSync(directory) || (isFilled(directory, 'PG_VERSION') && isFilled(directory, 'global/pg_control'))) return;
  throw new Error(
    `${directory} is not a whole PostgreSQL cluster. Restore it from a backup; nothing was changed. To give up its data, move it away, and ` +
      'the next start makes an empty one; beside blobs of the former one that start also needs `npm run admin -- installation adopt`.',
  );
}

function isFilled(directory: string, file: string): boolean {
  return (statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function checkVersion(directory: string, { major }: Binaries): void {
  const found = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(
    `${directory} was made by PostgreSQL ${found}, but PostgreSQL ${major} is installed: ` +
      'make a backup with the release that brought the old version (npm run backup), move the directory away, and restore the backup with this release ' +
      '(npm run restore). Nothing was changed; the old release still starts on it.',
  );
}
