// `npm run build:client`: ES modules with types under dist/esm, one CommonJS file with the same types under dist/cjs; then `npm pack`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [esm, cjs] = [join(here, 'dist/esm'), join(here, 'dist/cjs')];
const compiler = join(here, '../../node_modules/typescript/bin/tsc');

rmSync(join(here, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', join(here, 'tsconfig.json')], { stdio: 'inherit' });

// Sources import without an ending, as bundlers and jest like it; Node's ES modules want the whole file name.
for (const name of readdirSync(esm, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(?:js|d\.ts)$/.test(name)) continue;
  const file = join(esm, name);
  const text = readFileSync(file, 'utf8').replace(/(from '|import\(')(\.{1,2}\/[^']+?)(?:\.js)?'/g, "$1$2.js'");
  writeFileSync(file, text);
}

// The cryptography is published as ES modules only, so it becomes part of the CommonJS file.
mkdirSync(cjs, { recursive: true });
await build({
  entryPoints: [join(esm, 'index.js')],
  outfile: join(cjs, 'index.js'),
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  external: ['socket.io-client'],
});
cpSync(esm, cjs, { recursive: true, filter: (source) => !source.endsWith('.js') });
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
