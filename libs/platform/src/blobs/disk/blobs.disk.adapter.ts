import { access, constants, mkdir, open, opendir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checksumOf, newId, Problem, type Checksum } from '@adiuva/kernel';
import { BlobStore } from '../blob-store.port';
import type { BlobEntry, BlobHead, ExpectedDigest, PartsUpload, StoredBlob, StoredPart } from '../blob-store.port';
import type { ByteRange } from '../byte-range';
import { createIn, removeEmptyParents, renameInto, statOf } from './disk-directories.adapter';
import { codeOf, isMissing, storeUnavailable, toDiskProblem } from './disk-error';
import { directoryOfPrefix, keyOfPath, pathOfKey } from './disk-layout';
import { DiskParts } from './disk-parts.adapter';
import { BufferedFileWriter } from './buffered-file-writer.adapter';
import { checkDigest, HashingStream } from '../hashing-stream';
import { parseKey, type BlobKey } from '../safe-key';

/** A block of a file system: fails on a full, read-only or failing disk. */
const PROBE = Buffer.alloc(4_096);

export interface DiskBlobOptions {
  /** A directory of our own; made when it is missing. */
  readonly root: string;
  /** Whether an acknowledged write outlives a power cut (default), or only a crash of the process. */
  readonly fsync?: boolean;
}

/**
 * Objects as files: written beside, renamed into place whole, then synced, so that no reader ever sees half of one. Syncing after the
 * rename makes one sync enough: on journalling file systems it carries the file's new name with it (the directory is synced where it
 * is new). What a power cut leaves of a write that was not acknowledged has no row, and the sweep removes it.
 */
export class DiskBlobStore extends BlobStore {
  private readonly objects: string;
  private readonly temporary: string;
  private readonly parts: DiskParts;
  private readonly fsync: boolean;
  private ready: Promise<unknown> | null = null;

  constructor(options: DiskBlobOptions) {
    super();
    this.objects = join(options.root, 'objects');
    this.temporary = join(options.root, 'unfinished');
    this.fsync = options.fsync ?? true;
    this.parts = new DiskParts(join(options.root, 'parts'), (path, bytes, expected, signal) =>
      this.place(path, rename, bytes, expected, signal),
    );
  }

  async put(
    key: BlobKey,
    bytes: Readable | Buffer,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredBlob> {
    const path = pathOfKey(this.objects, parseKey(key));
    if (Buffer.isBuffer(bytes)) return { key, ...(await this.placeWhole(path, bytes, expected, signal)) };
    const move = (from: string, to: string): Promise<void> => renameInto(from, to, this.objects, this.fsync);
    const { size, sha256 } = await this.place(() => path, move, bytes, expected, signal);
    return { key, size, sha256 };
  }

  async open(key: BlobKey, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const path = pathOfKey(this.objects, parseKey(key));
    const file = await open(path, 'r').catch((error: unknown) => this.rethrow(error));
    try {
      const { size } = await file.stat();
      if (range && (range.start >= size || range.end < range.start)) throw new Problem('range_not_satisfiable');
      // An abort that came before the listener is not announced again.
      signal?.throwIfAborted();
      const stream = file.createReadStream({ ...range, highWaterMark: 256 * 1024 });
      const stop = (): void => void stream.destroy();
      signal?.addEventListener('abort', stop, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', stop));
      return stream;
    } catch (error) {
      await file.close();
      throw toDiskProblem(error);
    }
  }

  async head(key: BlobKey): Promise<BlobHead | null> {
    try {
      const { size, mtime } = await stat(pathOfKey(this.objects, parseKey(key)));
      return { size, sha256: null, modifiedAt: mtime };
    } catch (error) {
      if (!isMissing(error)) throw toDiskProblem(error);
      await this.assertMounted();
      return null;
    }
  }

  async delete(keys: readonly BlobKey[]): Promise<void> {
    for (const key of keys) {
      const path = pathOfKey(this.objects, parseKey(key));
      try {
        await unlink(path);
        await removeEmptyParents(path, this.objects);
      } catch (error) {
        if (!isMissing(error)) throw toDiskProblem(error);
        await this.assertMounted();
      }
    }
  }

  async *list(prefix: string): AsyncIterable<BlobEntry> {
    const above = prefix.split('/').slice(0, -1);
    if (above.length > 0) parseKey(above.join('/'));
    for await (const entry of this.walk(directoryOfPrefix(prefix) ?? [])) if (entry.key.startsWith(prefix)) yield entry;
  }

  async check(): Promise<void> {
    await this.directories();
    await this.assertMounted();
    const probe = join(this.temporary, newId());
    try {
      await writeFile(probe, PROBE, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      throw toDiskProblem(error);
    } finally {
      await unlink(probe).catch(() => undefined);
    }
  }

  async beginParts(key: BlobKey): Promise<PartsUpload> {
    await this.directories();
    return this.parts.begin(parseKey(key));
  }

  async putPart(
    upload: PartsUpload,
    number: number,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredPart> {
    return this.parts.put(upload, number, bytes, expected, signal);
  }

  listParts(upload: PartsUpload): Promise<readonly StoredPart[]> {
    return this.parts.list(upload);
  }

  /** One pass reads the parts, hashes them and writes the object. */
  async completeParts(
    upload: PartsUpload,
    parts: readonly StoredPart[],
    sha256?: Checksum,
    signal?: AbortSignal,
  ): Promise<{ readonly size: number }> {
    const joined = await this.parts.join(upload, parts).catch((error: unknown) => this.joinedBefore(upload, error));
    const expected = { maxBytes: Number.MAX_SAFE_INTEGER, ...(sha256 === undefined ? {} : { sha256 }) };
    const { size } = await this.put(upload.key, joined, expected, signal);
    await this.parts.abort(upload);
    return { size };
  }

  abortParts(upload: PartsUpload): Promise<void> {
    return this.parts.abort(upload);
  }

  async dropUnfinished(before: Date, dryRun: boolean): Promise<number> {
    await this.directories();
    let dropped = await this.parts.drop(before, dryRun);
    for await (const entry of await opendir(this.temporary)) {
      const path = join(this.temporary, entry.name);
      const { mtime } = await stat(path).catch(() => ({ mtime: new Date() }));
      if (mtime >= before) continue;
      if (!dryRun) await unlink(path).catch(() => undefined);
      dropped += 1;
    }
    return dropped;
  }

  /** The object itself, where the parts are gone because a former attempt came as far as that. */
  private async joinedBefore(upload: PartsUpload, error: unknown): Promise<Readable> {
    if (!(error instanceof Problem && error.code === 'not_found')) throw error;
    return this.open(upload.key);
  }

  /** Bytes that are known before need no temporary file: no process reads the key until this has succeeded. */
  private async placeWhole(
    path: string,
    bytes: Buffer,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<{ size: number; sha256: string }> {
    const sha256 = checksumOf(bytes);
    const fault = checkDigest(expected, bytes.length, sha256);
    if (fault) throw fault;
    signal?.throwIfAborted();
    try {
      await this.directories();
      await createIn(path, bytes, this.objects, this.fsync);
      return { size: bytes.length, sha256 };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') await unlink(path).catch(() => undefined);
      return await this.rethrow(error);
    }
  }

  /** Writes a temporary file, checks and syncs it, and renames it to the path that `target` names once the checksum is known. */
  private async place(
    target: (sha256: string) => string,
    move: (from: string, to: string) => Promise<void>,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<{ size: number; sha256: string }> {
    const unfinished = join(this.temporary, newId());
    const meter = new HashingStream(expected);
    try {
      await this.directories();
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await pipeline(bytes, meter, new BufferedFileWriter(file), signal ? { signal } : {});
        await move(unfinished, target(meter.sha256));
        if (this.fsync) await file.sync();
      } finally {
        await file.close();
      }
      return { size: meter.byteCount, sha256: meter.sha256 };
    } catch (error) {
      bytes.destroy();
      await unlink(unfinished).catch(() => undefined);
      return await this.rethrow(error);
    }
  }

  /** What is missing is missing only where the store is there. */
  private async rethrow(error: unknown): Promise<never> {
    if (isMissing(error)) await this.assertMounted();
    throw toDiskProblem(error);
  }

  /** A folder that was there and has vanished is a volume that is not mounted: it is not made again. @throws `unavailable` */
  private async assertMounted(): Promise<void> {
    if (this.ready === null) return;
    await access(this.objects, constants.W_OK).catch((cause: unknown) => {
      throw storeUnavailable(cause);
    });
  }

  /** Made once, at the first use. */
  private async directories(): Promise<void> {
    this.ready ??= Promise.all(
      [this.objects, this.temporary, this.parts.root].map((path) => mkdir(path, { recursive: true, mode: 0o700 })),
    );
    await this.ready.catch((error: unknown) => {
      this.ready = null;
      throw toDiskProblem(error);
    });
  }

  private async *walk(segments: readonly string[]): AsyncIterable<BlobEntry> {
    const directory = await opendir(join(this.objects, ...segments)).catch(async (error: unknown) => {
      if (!isMissing(error) && codeOf(error) !== 'ENOTDIR') throw toDiskProblem(error);
      await this.assertMounted();
      return [];
    });
    for await (const entry of directory) {
      const below = [...segments, entry.name];
      const key = entry.isFile() ? keyOfPath(below) : null;
      if (entry.isDirectory()) yield* this.walk(below);
      else if (key !== null) {
        const found = await statOf(join(this.objects, ...below));
        if (found) yield { key, size: found.size, modifiedAt: found.mtime };
      }
    }
  }
}
