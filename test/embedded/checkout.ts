import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(__dirname, '../..');
const SOURCES = join(ROOT, 'libs/embedded/src');
const MODULES = join(ROOT, 'node_modules');

/** Says the URL, or why there is none. */
const SERVE = `
require('./embedded/embedded-postgres.adapter.js').startEmbeddedPostgres({ dataDir: process.argv[1] }).then(
  ({ url }) => console.log(url),
  (error) => { console.log(String(error)); process.exitCode = 1; },
);`;

/** The embedded server alone, compiled, so that a process which a test may kill runs it: with our modules or with copies of those it needs. */
export async function makeCheckout(directory: string, modules: 'linked' | 'copied' = 'linked'): Promise<string> {
  await mkdir(join(directory, 'embedded'), { recursive: true });
  for (const name of await readdir(SOURCES)) {
    const { code } = await transformFile(join(SOURCES, name), { configFile: join(ROOT, '.swcrc'), sourceMaps: false });
    await writeFile(join(directory, 'embedded', name.replace(/\.ts$/, '.js')), code);
  }
  if (modules === 'linked') await symlink(MODULES, join(directory, 'node_modules'));
  else for (const name of await closure(['pg', 'embedded-postgres'])) await copyModule(directory, name);
  return directory;
}

/** Dies as soon as it has begun to make a cluster, together with what makes it. */
const DIE_WHILE_MAKING = `
const fs = require('node:fs');
const { mkdtempSync } = fs;
fs.mkdtempSync = (prefix) => {
  if (prefix.endsWith('/postgres.new-')) setImmediate(() => process.kill(-process.pid, 'SIGKILL'));
  return mkdtempSync(prefix);
};
`;

export interface Speaker {
  readonly child: ChildProcess;
  readonly output: string;
}

/** A server process of that checkout; resolves with the first thing that it says. */
export async function serve(
  checkout: string,
  dataDir: string,
  user: { uid?: number; gid?: number } = {},
): Promise<Speaker> {
  const child = serveInSilence(checkout, dataDir, user);
  const [output] = await once(child.stdout ?? child, 'data');
  return { child, output: String(output).trim() };
}

function serveInSilence(checkout: string, dataDir: string, user: { uid?: number; gid?: number } = {}): ChildProcess {
  return spawn(process.execPath, ['-e', SERVE, dataDir], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  });
}

/** Resolves when a server process of that checkout has died in the middle of making its cluster. */
export async function dieWhileMaking(checkout: string, dataDir: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', DIE_WHILE_MAKING + SERVE, dataDir], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  await once(child, 'exit');
}

async function closure(names: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of names) await collect(name, found);
  return found;
}

async function collect(name: string, found: Set<string>): Promise<void> {
  const text = await readFile(join(MODULES, name, 'package.json'), 'utf8').catch(() => null);
  if (text === null || found.has(name)) return;
  found.add(name);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text);
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) await collect(next, found);
}

/** As npm unpacks it: without the symbolic links that an install script would make. */
async function copyModule(directory: string, name: string): Promise<void> {
  const target = join(directory, 'node_modules', name);
  const links = await readFile(join(MODULES, name, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const skipped = new Set<string>(
    JSON.parse(links).map((link: { target: string }) => join(MODULES, name, link.target)),
  );
  await cp(join(MODULES, name), target, { recursive: true, filter: (path) => !skipped.has(path) });
}
