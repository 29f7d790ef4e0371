import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { setHeapFlags } from './heap-flags';

/** main.ts and what it imports, made by tools/bundle.mjs. */
const BUNDLE = join(__dirname, '../../../server.js');
/** What V8 has compiled of it in a start, after a digest of what it belongs to. V8 itself refuses that of another version or with other flags. */
const COMPILED = `${BUNDLE}.cache`;

// Before the rest: the flags are part of what V8 compares.
setHeapFlags();
const bytes = readFileSync(BUNDLE);
const digest = createHash('sha256')
  .update(`${process.version} ${process.platform} ${process.arch} `)
  .update(bytes)
  .digest();
const script = new Script(Module.wrap(bytes.toString('latin1')), { filename: BUNDLE, cachedData: compiled() });
if (process.argv.includes('--compile')) process.once('message', writeCompiled);
const load: unknown = script.runInThisContext();
const bundle = new Module(BUNDLE);
if (typeof load === 'function')
  Reflect.apply(load, bundle.exports, [bundle.exports, createRequire(BUNDLE), bundle, BUNDLE, join(BUNDLE, '..')]);

function compiled(): Buffer | undefined {
  try {
    const file = readFileSync(COMPILED);
    return file.subarray(0, digest.length).equals(digest) ? file.subarray(digest.length) : undefined;
  } catch {
    return undefined;
  }
}

/** When the server is ready: with what was compiled at the end of a process, a request costs half as much again (Node 20). */
function writeCompiled(): void {
  writeFileSync(`${COMPILED}.part`, Buffer.concat([digest, script.createCachedData()]));
  renameSync(`${COMPILED}.part`, COMPILED);
}
