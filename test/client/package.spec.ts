import { execFile, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Accounts } from '@adiuva/auth';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { TestApp } from '../support/app';
import { describeInChromium, launchChromium, openPage, PageServer } from './support/browser';
import { PackedClient } from './support/packed-client';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');

let app: TestApp;
let packed: PackedClient;

/** The platform authenticator of a laptop, as Chromium simulates it. */
const AUTHENTICATOR = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  hasPrf: true,
  automaticPresenceSimulation: true,
} as const;

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
  [app, packed] = await Promise.all([
    TestApp.start({ CORS_ORIGINS: 'http://127.0.0.1:*', ACCESS_TOKEN_SECONDS: '20' }),
    PackedClient.build(),
  ]);
});
afterAll(async () => {
  packed.remove();
  await app.stop();
});

async function upgrade(email: string): Promise<void> {
  await app.setTier(await app.nest.get(Accounts).idOf(email), 'pro');
}

/** Runs the story in a process of its own, which asks for the tier on its output. */
async function told(name: string, head: string): Promise<string> {
  const file = join(packed.folder, name);
  writeFileSync(
    file,
    `${head}
    const baseUrl = ${JSON.stringify(app.url)};
    const store = new sdk.MemorySyncStore();
    const upgrade = (email) => new Promise((resolve) => { process.send(email); process.once('message', resolve); });
    (async () => {${STORY}})().then((text) => { console.log(text); process.disconnect(); }, (error) => { console.error(error); process.exit(1); });`,
  );
  const child = fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  child.on('message', (email) => void upgrade(String(email)).then(() => child.send('done')));
  // Its output has arrived by then, as it may not have by its exit.
  await new Promise((resolve) => child.once('close', resolve));
  return output.trim();
}

test('has a licence, a README, a list of changes and no sources of ours', () => {
  const root = packed.installed;
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/esm/index.js', 'dist/cjs/index.js'])
    expect([name, existsSync(join(root, name))]).toEqual([name, true]);
  expect(existsSync(join(root, 'src'))).toBe(false);
  const [, start = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect(start.split('\n').length).toBeLessThanOrEqual(32);
});

test('works as an ES module of Node', async () => {
  expect(await told('story.mjs', `import * as sdk from '@adiuva/client';`)).toBe(TOLD);
});

test('works in CommonJS', async () => {
  expect(await told('story.cjs', `const sdk = require('@adiuva/client');`)).toBe(TOLD);
  const file = join(packed.installed, 'dist/cjs/index.js');
  expect(await told('file.cjs', `const sdk = require(${JSON.stringify(file)});`)).toBe(TOLD);
});

test('has right types under nodenext for both, without skipLibCheck', async () => {
  const source = `
    const store: sdk.SyncStore = new sdk.MemorySyncStore();
    export async function main(client: sdk.AdiuvaClient, vault: sdk.Vault): Promise<number> {
      const report: sdk.SyncReport = await client.sync(vault, store);
      const failures: readonly sdk.SyncFailure[] = report.failures;
      const answer: sdk.ChatResponseDto | sdk.ExecutionPlanDto | sdk.RequiresActionDto = await client.chat.send({ message: 'hello' });
      return failures.length + Object.keys(answer).length;
    }`;
  writeFileSync(join(packed.folder, 'a.mts'), `import * as sdk from '@adiuva/client';${source}`);
  writeFileSync(join(packed.folder, 'b.cts'), `import sdk = require('@adiuva/client');${source}`);
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck', 'false'];
  const lib = ['--lib', 'es2023,dom,dom.iterable,dom.asynciterable', '--types', 'node'];
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, ...options, ...lib, 'a.mts', 'b.cts'], {
    cwd: packed.folder,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('costs an app at most 176,000 bytes at its start; what passwords and recovery words need comes later', async () => {
  const { metafile } = await build({
    stdin: {
      contents: `import { AdiuvaClient } from '@adiuva/client'; globalThis.client = new AdiuvaClient({ baseUrl: '' });`,
      resolveDir: packed.folder,
    },
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: packed.folder,
    platform: 'browser',
    format: 'esm',
  });
  const outputs = Object.entries(metafile.outputs);
  const [entry = ''] = outputs.find(([, { entryPoint }]) => entryPoint === '<stdin>') ?? [];
  const atStart = new Set([entry]);
  for (const file of atStart)
    for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
      if (kind === 'import-statement') atStart.add(path);
  const bytes = outputs.reduce((sum, [file, output]) => sum + (atStart.has(file) ? output.bytes : 0), 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(176_000);
});

describeInChromium('in Chromium, on another origin than the server', () => {
  const email = `${randomUUID()}@example.org`;
  let pages: PageServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [pages, browser] = await Promise.all([
      PageServer.start(join(__dirname, 'support/browser-page.mjs'), packed.folder),
      launchChromium(),
    ]);
    page = await openPage(browser);
    await page.goto(pages.url);
  });
  afterAll(async () => {
    await browser.close();
    await pages.stop();
  });

  /** Calls a function of `browser-page.mjs`. */
  function inPage(name: string, ...args: string[]): Promise<unknown> {
    return page.evaluate(`page.${name}(...${JSON.stringify([app.url, ...args])})`);
  }

  test('chats over Socket.IO with tools of the page', async () => {
    expect(await inPage('chat', email)).toEqual({ isWhole: true, namesNote: true, asked: 1 });
    await upgrade(email);
  });

  test('syncs records that are in IndexedDB', async () => {
    expect(await inPage('sync', email)).toEqual({ received: 'a note', edited: 'an edited note', dirty: 0 });
  });

  test('two tabs on one TokenStore spend each refresh token once', async () => {
    const second = await page.context().newPage();
    await second.goto(pages.url);
    const spent: unknown[] = [];
    page.context().on('request', (sent) => {
      if (sent.url().endsWith('/auth/refresh') && sent.method() === 'POST') spent.push(sent.postDataJSON());
    });
    const both = (): Promise<unknown[]> =>
      Promise.all([page, second].map((tab) => tab.evaluate(`page.email(${JSON.stringify(app.url)})`)));
    for (let round = 0; round < 5; round += 1) expect(await both()).toEqual([email, email]);
    expect(spent.length).toBeGreaterThanOrEqual(5);
    expect(new Set(spent.map((body) => JSON.stringify(body))).size).toBe(spent.length);
  });

  test('requests a deletion once, which is answered without a body', async () => {
    const deletions: string[] = [];
    page.on('request', (sent) => void (sent.method() === 'DELETE' && deletions.push(sent.url())));
    expect(await inPage('deletion')).toBe('not_found');
    expect(deletions).toEqual([expect.stringContaining('/projects/')]);
  });

  test('makes a passkey with the authenticator of the browser and signs in with it, once for each challenge', async () => {
    const origin = pages.url.replace('127.0.0.1', 'localhost');
    const node = await TestApp.start(
      { CORS_ORIGINS: origin, WEBAUTHN_RP_ID: 'localhost', WEBAUTHN_ORIGINS: origin },
      app,
    );
    const tab = await openPage(browser);
    await tab.goto(origin);
    const devtools = await tab.context().newCDPSession(tab);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
    const address = `${randomUUID()}@example.org`;
    expect(await tab.evaluate(`page.passkey(...${JSON.stringify([node.url, address])})`)).toEqual({
      email: address,
      name: 'Laptop',
      isUsed: true,
      prf: 32,
      again: 'invalid_credentials',
    });
    await tab.context().close();
    await node.stop();
  });

  test('gives refusals as ApiProblem with the request id', async () => {
    expect(await inPage('refusal')).toEqual([true, true, 'not_found', true]);
  });
});
