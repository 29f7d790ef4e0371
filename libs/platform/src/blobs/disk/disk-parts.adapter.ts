import { createReadStream } from 'node:fs';
import { mkdir, opendir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, isId, newId } from '@adiuva/kernel';
import { MAX_PARTS } from '../blob-store.port';
import type { ExpectedDigest, PartsUpload, StoredPart } from '../blob-store.port';
import { statOf } from './disk-directories.adapter';
import { isMissing, storeUnavailable, toDiskProblem } from './disk-error';
import type { BlobKey } from '../safe-key';

/** Writes a file under the name that its checksum gives it, in a directory that is there. */
type Place = (
  target: (sha256: string) => string,
  bytes: Readable,
  expected: ExpectedDigest,
  signal?: AbortSignal,
) => Promise<{ size: number; sha256: string }>;

const PART = /^([1-9]\d{0,4})\.([0-9a-f]{64})$/;
const KEY_FILE = 'key';

/** Uploads in parts: a directory each, holding the key it is for and one file a part, named by number and checksum. */
export class DiskParts {
  constructor(
    readonly root: string,
    private readonly place: Place,
  ) {}

  async begin(key: BlobKey): Promise<PartsUpload> {
    const upload = { key, id: newId() };
    try {
      await mkdir(join(this.root, upload.id), { mode: 0o700 });
      await writeFile(join(this.root, upload.id, KEY_FILE), key, { flag: 'wx', flush: true });
    } catch (error) {
      throw isMissing(error) ? storeUnavailable(error) : toDiskProblem(error);
    }
    return upload;
  }

  async put(
    upload: PartsUpload,
    number: number,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredPart> {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) throw new Problem('validation_failed');
    const directory = await this.directory(upload);
    // An upload that was aborted meanwhile has no directory, and gets none again.
    const { size, sha256 } = await this.place((sum) => join(directory, `${number}.${sum}`), bytes, expected, signal);
    for (const name of await namesIn(directory)) {
      if (name.startsWith(`${number}.`) && name !== `${number}.${sha256}`)
        await unlink(join(directory, name)).catch(() => undefined);
    }
    return { number, size, tag: sha256 };
  }

  async list(upload: PartsUpload): Promise<readonly StoredPart[]> {
    const directory = await this.directory(upload);
    const parts: StoredPart[] = [];
    for (const name of await namesIn(directory)) {
      const [, number, tag] = PART.exec(name) ?? [];
      const found = tag === undefined ? null : await statOf(join(directory, name));
      if (found && tag !== undefined) parts.push({ number: Number(number), size: found.size, tag });
    }
    return parts.sort((a, b) => a.number - b.number);
  }

  /** The bytes of the named parts one after the other, after a look that all of them are there. */
  async join(upload: PartsUpload, parts: readonly StoredPart[]): Promise<Readable> {
    const directory = await this.directory(upload);
    const present = new Set((await this.list(upload)).map((part) => `${part.number}.${part.tag}`));
    const names = parts.map((part) => `${part.number}.${part.tag}`);
    const ascending = parts.every((part, index) => index === 0 || part.number > (parts[index - 1]?.number ?? 0));
    if (names.length === 0 || !ascending || !names.every((name) => present.has(name))) throw new Problem('conflict');
    return Readable.from(concatenated(names.map((name) => join(directory, name))), { objectMode: false });
  }

  async abort(upload: PartsUpload): Promise<void> {
    try {
      await removeAll(await this.directory(upload));
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'not_found')) throw toDiskProblem(error);
    }
  }

  /** Removes (or counts) uploads begun before a moment. */
  async drop(before: Date, dryRun: boolean): Promise<number> {
    let dropped = 0;
    for await (const entry of await opendir(this.root)) {
      const directory = join(this.root, entry.name);
      const begun = await stat(join(directory, KEY_FILE)).catch(() => stat(directory).catch(() => null));
      if (!isId(entry.name) || begun === null || begun.mtime >= before) continue;
      if (!dryRun) await removeAll(directory);
      dropped += 1;
    }
    return dropped;
  }

  /** The directory of an upload; ids come from rows and clients, so they are checked, and belong to one key. */
  private async directory(upload: PartsUpload): Promise<string> {
    if (!isId(upload.id)) throw new Problem('not_found');
    const directory = join(this.root, upload.id);
    const key = await readFile(join(directory, KEY_FILE), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw toDiskProblem(error);
    });
    if (key !== upload.key) throw new Problem('not_found');
    return directory;
  }
}

/** Of an upload that may be aborted or completed meanwhile. @throws `not_found` */
function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    throw toDiskProblem(error);
  });
}

/** A part that arrives meanwhile makes the directory not empty, once for each that is being written. */
function removeAll(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 });
}

/** A part that vanishes meanwhile was replaced: it must come again. */
async function* concatenated(paths: readonly string[]): AsyncIterable<Buffer> {
  try {
    for (const path of paths) yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw isMissing(error) ? new Problem('conflict', { cause: error }) : error;
  }
}
