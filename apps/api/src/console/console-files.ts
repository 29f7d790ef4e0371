import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ConsoleFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

/** The files of a build of the console, each read and compressed on its first request. Only names of the build exist. */
export class ConsoleFiles {
  readonly page: string;
  private readonly names: ReadonlySet<string>;
  private readonly files = new Map<string, Promise<ConsoleFile>>();

  constructor(private readonly folder: string) {
    this.page = readFileSync(join(folder, 'index.html'), 'utf8');
    this.names = new Set(readdirSync(join(folder, 'assets')).filter((name) => extname(name) in CONTENT_TYPES));
  }

  find(name: string): Promise<ConsoleFile> | undefined {
    if (!this.names.has(name)) return undefined;
    const known = this.files.get(name);
    if (known) return known;
    const read = this.read(name);
    this.files.set(name, read);
    read.catch(() => this.files.delete(name));
    return read;
  }

  private async read(name: string): Promise<ConsoleFile> {
    const bytes = await readFile(join(this.folder, 'assets', name));
    const gzipped = await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
    return { contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream', bytes, gzipped };
  }
}
