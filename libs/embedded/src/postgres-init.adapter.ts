import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chownTo, ownDirectory } from './postgres-os-user.adapter';
import { CLEAN_ENVIRONMENT, type Account, type Binaries } from './postgres-binaries.adapter';
import type { Secret } from './postgres-credentials.adapter';
import { INITDB_ARGUMENTS, OWNER } from './postgres-settings';

/** Where a cluster shall be, and what it is made with. */
export interface NewCluster {
  readonly directory: string;
  readonly account: Account | null;
  readonly binaries: Binaries;
  readonly secret: Secret;
}

/** How the directories begin in which clusters are made. */
export const DRAFT = 'postgres.new-';

/** Made beside its place and then renamed, so that an interrupted run leaves nothing that looks like a cluster. */
export async function initCluster(wanted: NewCluster, template?: string): Promise<void> {
  if (template !== undefined && fits(template, wanted.binaries)) {
    try {
      return await inDraft(wanted, (draft) => copyTemplate(template, draft, wanted));
    } catch {
      // Only the quicker way is lost.
    }
  }
  await inDraft(wanted, (draft) => initdb(draft, wanted));
}

async function inDraft({ directory }: NewCluster, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = mkdtempSync(join(dirname(directory), DRAFT));
  try {
    await fill(draft);
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another server may have been faster; its cluster has the same password.
    if (!existsSync(directory)) throw error;
  }
}

function fits(template: string, { major }: Binaries): boolean {
  const version = join(template, 'PG_VERSION');
  return existsSync(version) && readFileSync(version, 'utf8').trim() === major;
}

/** A copy with a password of its own, written to disk as whole as what `initdb` makes. */
async function copyTemplate(template: string, draft: string, { account, binaries, secret }: NewCluster): Promise<void> {
  if (process.platform === 'win32') await cp(template, draft, { recursive: true });
  // Of all ways the one that takes none of our own time, of which a start has little.
  else await run('cp', ['-R', `${template}/.`, draft], { cwd: draft });
  chownTo(account, draft);
  const where = ['-D', ownDirectory(account, draft)];
  const output = await run(binaries.postgres, ['--single', ...where, OWNER], {
    cwd: draft,
    account,
    stdin: `ALTER ROLE ${OWNER} PASSWORD '${secret.password}'\n`,
  });
  if (/ERROR|FATAL|PANIC/.test(output)) throw new Error('The password was not taken');
  await run(binaries.initdb, [...where, '--sync-only'], { cwd: draft, account });
}

async function initdb(draft: string, { account, binaries: { initdb: program }, secret }: NewCluster): Promise<void> {
  chownTo(account, draft);
  const windows = process.platform === 'win32';
  const passwordFile = windows ? `${draft}.password` : '/dev/stdin';
  if (windows) writeFileSync(passwordFile, secret.password, { mode: 0o600 });
  const where = ownDirectory(account, draft);
  const args = ['-D', where, '-U', OWNER, `--pwfile=${passwordFile}`, ...INITDB_ARGUMENTS];
  // `cat` makes a pipe of Node's socket, which cannot be opened by name.
  const [command, ...rest] = windows ? [program, ...args] : ['/bin/sh', '-c', 'cat | exec "$0" "$@"', program, ...args];
  try {
    await run(command ?? program, rest, { cwd: draft, account, stdin: `${secret.password}\n` });
  } catch (cause) {
    throw new Error(`PostgreSQL could not make a cluster in ${draft}: ${String(cause)}`, { cause });
  } finally {
    if (windows) rmSync(passwordFile, { force: true });
  }
}

interface Running {
  readonly cwd: string;
  readonly account?: Account | null;
  readonly stdin?: string;
}

/** What a program says on its standard error. Rejects with it when the program fails. */
async function run(program: string, args: readonly string[], { cwd, account, stdin = '' }: Running): Promise<string> {
  const child: ChildProcessWithoutNullStreams = spawn(program, args, {
    cwd,
    ...(process.platform === 'win32' ? {} : { env: CLEAN_ENVIRONMENT }),
    ...(account ?? {}),
  });
  child.stdin.on('error', () => undefined).end(stdin);
  child.stdout.resume();
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2000)));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message)).once('close', resolve);
  });
  if (code !== 0) throw new Error(`(${String(code)}) ${output.trim()}`);
  return output;
}
