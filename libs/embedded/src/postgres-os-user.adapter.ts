import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, statSync } from 'node:fs';
import { CLEAN_ENVIRONMENT, type Account } from './postgres-binaries.adapter';

/** PostgreSQL refuses root: as root we run it as the user who has the cluster, else as one of these. */
const ACCOUNTS = ['postgres', 'nobody'] as const;

/** Null for an ordinary user, who runs PostgreSQL directly. */
export function findAccount(cluster: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = existsSync(cluster) ? statSync(cluster) : undefined;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ACCOUNTS) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL does not run as root: make a user "postgres", start as an ordinary user, or set DATABASE_URL.`,
  );
}

/** A cluster that was restored by root belongs to root, whole or in part of it. */
export function chownTo(account: Account | null, directory: string): void {
  if (!account) return;
  if (statSync(directory).uid === 0 && existsSync(`${directory}/PG_VERSION`)) {
    execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, directory], { env: CLEAN_ENVIRONMENT });
  }
  chownSync(directory, account.uid, account.gid);
}

/**
 * How a process of ours names its working directory: as root the way to it may be closed to the account that PostgreSQL runs as, but a
 * process may always go to where it stands.
 */
export function ownDirectory(account: Account | null, directory: string): string {
  return account && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : directory;
}

function idOf(flag: string, name: string): number {
  return Number(spawnSync('id', [flag, name], { encoding: 'utf8', env: CLEAN_ENVIRONMENT }).stdout || 'none');
}
