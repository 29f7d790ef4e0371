import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');
const CLIENT = join(ROOT, 'libs/client');
const DEPENDENCIES = ['@noble', '@scure', 'hash-wasm', 'socket.io-client', '@types', 'undici-types'];

/** A project outside of the repository that has installed the tarball of the SDK. */
export class PackedClient {
  private constructor(readonly folder: string) {}

  static async build(): Promise<PackedClient> {
    const folder = mkdtempSync(join(tmpdir(), 'adiuva-package-'));
    await run(process.execPath, [join(CLIENT, 'build.mjs')]);
    const { stdout } = await run('npm', ['pack', '--pack-destination', folder, '--json'], { cwd: CLIENT });
    const [packed]: { filename: string }[] = JSON.parse(stdout);
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, '@adiuva'), { recursive: true });
    await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
    await run('mv', [join(folder, 'package'), join(modules, '@adiuva/client')]);
    for (const name of DEPENDENCIES) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    return new PackedClient(folder);
  }

  /** Where the package is installed. */
  get installed(): string {
    return join(this.folder, 'node_modules/@adiuva/client');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
