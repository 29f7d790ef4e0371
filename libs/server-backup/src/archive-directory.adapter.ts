import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@adiuva/kernel';

/** A file of an archive, as the manifest names it. */
export interface ArchivePart {
  readonly name: string;
  readonly size: number;
  /** Of the file, as `sha256sum` prints it. */
  readonly sha256: string;
}

const UNFINISHED = '.unfinished';
const READ_BYTES = 256 * 1024;

/** A directory with the files of one backup. A file is there whole, or not at all. */
export class ArchiveDirectory {
  constructor(readonly path: string) {}

  /** The names of all files, by which they are opened. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map(({ parentPath, name }) => join(parentPath, name).slice(join(this.path, '/').length)).sort();
  }

  async write(name: string, bytes: AsyncIterable<Buffer>): Promise<ArchivePart> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    let size = 0;
    const file = await open(path + UNFINISHED, 'w', 0o600);
    try {
      for await (const chunk of bytes) {
        hash.update(chunk);
        size += chunk.length;
        await file.write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path + UNFINISHED, path);
    await syncDirectory(dirname(path));
    return { name, size, sha256: hash.digest('hex') };
  }

  /** Null where there is no such file. For small files. */
  async read(name: string): Promise<Buffer | null> {
    return readFile(join(this.path, name)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
  }

  /** The bytes of a part. Throws at their end, or before, where they are not those that the manifest names. */
  async *open({ name, size, sha256 }: ArchivePart): AsyncGenerator<Buffer> {
    const path = join(this.path, name);
    const found = await stat(path).catch(() => null);
    if (!found) throw damaged(name, 'is missing');
    if (found.size !== size) throw damaged(name, `has ${found.size} bytes instead of ${size}`);
    const hash = createHash('sha256');
    const bytes: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: READ_BYTES });
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== sha256) throw damaged(name, 'has other bytes than the manifest says');
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.path, name), { force: true });
  }
}

function damaged(name: string, fault: string): Problem {
  return new Problem('conflict', { detail: `The backup is damaged: ${name} ${fault}.` });
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
