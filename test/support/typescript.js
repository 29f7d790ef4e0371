const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'adiuva-typescript');
/** What the compiled code depends on beside its source. */
const COMPILER = [require('@swc/core/package.json').version, readFileSync(join(ROOT, '.swcrc'), 'utf8')].join('\n');

/**
 * Lets Node run our TypeScript as it is, compiled by the same compiler and settings as the build; for tests, benches and chaos runs. The
 * compiled files are kept, because compiling all takes a second of every process that tests start.
 */
require.extensions['.ts'] = (module, file) => {
  const source = readFileSync(file, 'utf8');
  const key = createHash('sha256').update([COMPILER, file, source].join('\0')).digest('hex');
  module._compile(
    kept(join(CACHE, `${key}.js`), () => compile(source, file)),
    file,
  );
};

function kept(path, make) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const code = make();
    const draft = `${path}.${process.pid}`;
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, path);
    return code;
  }
}

function compile(source, filename) {
  return require('@swc/core').transformSync(source, { filename, sourceMaps: 'inline' }).code;
}
