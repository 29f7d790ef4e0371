import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestApp } from '../support/app';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'libs/client');
const PACKAGES = ['@noble', '@scure', 'hash-wasm', 'socket.io-client', '@types', 'undici-types'];

let app: TestApp;
let folder: string;

/** What every environment does: an account, a note on two devices, a chat. Gives `note | chat`. */
const STORY = `
  const email = Math.random().toString(36).slice(2) + '@example.org';
  const password = 'a long walk by the sea';
  const client = new sdk.AdiuvaClient({ baseUrl });
  const { vault } = await client.account.signUp({ email, password });
  let answer = '';
  for await (const event of client.chats.stream({ message: 'remind me to call Anna tomorrow at 5' }))
    if (event.type === 'token') answer += event.text;
  await client.chats.close();
  await upgrade(email);
  const id = crypto.randomUUID();
  await store.write('notes', id, new TextEncoder().encode('a note'));
  await client.sync(vault, store);
  const second = new sdk.AdiuvaClient({ baseUrl });
  const signedIn = await second.account.signIn({ email, password });
  const copy = new sdk.MemorySyncStore();
  await second.sync(signedIn.vault, copy);
  const text = new TextDecoder().decode((await copy.get(id)).data);
  const problem = await second.chat.playbook('none').catch((error) => error instanceof sdk.ApiProblem && error instanceof sdk.ClientError);
  return [text, answer !== '', problem].join(' | ');`;
const TOLD = 'a note | true | true';

beforeAll(async () => {
  app = await TestApp.start();
  folder = mkdtempSync(join(tmpdir(), 'adiuva-package-'));
  await run(process.execPath, [join(CLIENT, 'build.mjs')]);
  const { stdout } = await run('npm', ['pack', '--pack-destination', folder, '--json'], { cwd: CLIENT });
  const [packed]: { filename: string }[] = JSON.parse(stdout);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@adiuva'), { recursive: true });
  await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
  await run('mv', [join(folder, 'package'), join(modules, '@adiuva/client')]);
  for (const name of PACKAGES) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
}, 180_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await app.stop();
});

async function upgrade(email: string): Promise<void> {
  const { Accounts } = await import('@adiuva/auth');
  await app.setTier(await app.nest.get(Accounts).idOf(email), 'pro');
}

/** Runs the story in a process of its own, which asks for the tier on its output. */
async function told(name: string, head: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(
    file,
    `${head}
    const baseUrl = ${JSON.stringify(app.url)};
    const store = new sdk.MemorySyncStore();
    const upgrade = (email) => new Promise((resolve) => { process.send(email); process.once('message', resolve); });
    (async () => {${STORY}})().then((text) => { console.log(text); process.disconnect(); }, (error) => { console.error(error); process.exit(1); });`,
  );
  const { fork } = await import('node:child_process');
  const child = fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  child.on('message', (email) => void upgrade(String(email)).then(() => child.send('done')));
  await new Promise((resolve) => child.once('exit', resolve));
  return output.trim();
}

test('has a licence, a README, a list of changes and no sources of ours', () => {
  const root = join(folder, 'node_modules/@adiuva/client');
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/esm/index.js', 'dist/cjs/index.js'])
    expect([name, existsSync(join(root, name))]).toEqual([name, true]);
  expect(existsSync(join(root, 'src'))).toBe(false);
  const [, start = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect(start.split('\n').length).toBeLessThanOrEqual(32);
});

test('works as an ES module of Node', async () => {
  expect(await told('story.mjs', `import * as sdk from '@adiuva/client';`)).toBe(TOLD);
}, 60_000);

test('works in CommonJS', async () => {
  expect(await told('story.cjs', `const sdk = require('@adiuva/client');`)).toBe(TOLD);
  const file = join(folder, 'node_modules/@adiuva/client/dist/cjs/index.js');
  expect(await told('file.cjs', `const sdk = require(${JSON.stringify(file)});`)).toBe(TOLD);
}, 60_000);

test('has right types under nodenext for both, without skipLibCheck', async () => {
  const source = `
    const store: sdk.SyncStore = new sdk.MemorySyncStore();
    export async function main(client: sdk.AdiuvaClient, vault: sdk.Vault): Promise<number> {
      const report: sdk.SyncReport = await client.sync(vault, store);
      const failures: readonly sdk.SyncFailure[] = report.failures;
      const answer: sdk.ChatResponseDto | sdk.ExecutionPlanDto | sdk.RequiresActionDto = await client.chat.send({ message: 'hello' });
      return failures.length + Object.keys(answer).length;
    }`;
  writeFileSync(join(folder, 'a.mts'), `import * as sdk from '@adiuva/client';${source}`);
  writeFileSync(join(folder, 'b.cts'), `import sdk = require('@adiuva/client');${source}`);
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck', 'false'];
  const lib = ['--lib', 'es2023,dom,dom.iterable,dom.asynciterable', '--types', 'node'];
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, ...options, ...lib, 'a.mts', 'b.cts'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
}, 120_000);
