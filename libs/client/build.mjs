// `npm run build:client`: compiles the client to ES modules with types under dist/client, ready for `npm publish dist/client`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../dist/client');
const compiler = join(here, '../../node_modules/typescript/bin/tsc');

rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', join(here, 'tsconfig.json')], { stdio: 'inherit' });
copyFileSync(join(here, 'package.json'), join(out, 'package.json'));

// Sources import without an ending, as bundlers and jest like it; Node's ES modules want the whole file name.
for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(?:js|d\.ts)$/.test(name)) continue;
  const file = join(out, name);
  const text = readFileSync(file, 'utf8').replace(/(from '|import\(')(\.{1,2}\/[^']+?)(?:\.js)?'/g, "$1$2.js'");
  writeFileSync(file, text);
}
