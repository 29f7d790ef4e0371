import { Readable } from 'node:stream';
import { Problem } from '@adiuva/kernel';
import { parseKey, tryKey, type BlobEntry, type BlobKey, type BlobStore } from '@adiuva/platform';
import type { ArchiveDirectory, ArchivePart } from './archive-directory.adapter';
import type { ArchiveKeys } from './archive-keys';
import { parsePackIndex, type PackIndex } from './manifest';
import { packHeader, PackReader, type PackedObject } from './object-pack';

const PACKS = 'objects/';
/** A pack ends with the object with which it reaches this size. */
const PACK_BYTES = 64 * 1024 * 1024;
/** Objects up to this size are read, and written, several concurrently. */
const SMALL_BYTES = 1024 * 1024;
const CONCURRENCY = 8;
/** Belong to a blob store, and not to what is in it. */
const OWN_PREFIXES = ['installation/', 'restore/'];

export interface CopiedObjects {
  readonly count: number;
  readonly bytes: number;
  readonly parts: readonly ArchivePart[];
}

/** An object with its bytes, where it is small. */
interface ReadObject {
  readonly entry: PackedObject & { readonly key: BlobKey };
  readonly bytes: Buffer | null;
}

/** The objects of a blob store in packs of an archive. */
export class ObjectCopy {
  constructor(
    private readonly blobs: BlobStore,
    private readonly archive: ArchiveDirectory,
    private readonly keys: ArchiveKeys,
  ) {}

  /** Copies every object that no finished pack has. `assertHeld` throws when objects may have been deleted meanwhile. */
  async store(assertHeld: () => Promise<void>): Promise<CopiedObjects> {
    const finished = await this.finishedPacks();
    const known = new Set(finished.flatMap(({ objects }) => objects.map(({ key }) => key)));
    const parts = finished.map(({ part }) => part);
    const all = finished.flatMap(({ objects }) => objects);
    const objects = ahead(this.unknown(known), CONCURRENCY, (entry) => this.readSmall(entry));
    for (let number = parts.length; ;) {
      const first = await nextPresent(objects);
      if (!first) break;
      number += 1;
      const name = `${PACKS}${String(number).padStart(6, '0')}.part`;
      const packed: PackedObject[] = [];
      const part = await this.archive.write(name, this.keys.seal(name, this.pack(first, objects, packed)));
      await assertHeld();
      await this.writeIndex(part, packed);
      parts.push(part);
      all.push(...packed);
    }
    return { count: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0), parts };
  }

  /** Puts the objects of a pack into the store. With `resuming`, those that a former attempt has put may be there. */
  async restore(part: ArchivePart, resuming: boolean): Promise<void> {
    const pack = new PackReader(this.keys.open(part.name, this.archive.open(part)));
    const puts: Promise<void>[] = [];
    for (let object = await pack.next(); object !== null; object = await pack.next()) {
      const [key, size] = [parseKey(object.key), object.size];
      if (size > SMALL_BYTES) {
        if (resuming && (await this.blobs.head(key))?.size === size) continue;
        await this.blobs.put(key, Readable.from(pack.bytes()), { minBytes: size, maxBytes: size });
        continue;
      }
      const bytes = await collect(pack.bytes());
      const put = this.putSmall(key, bytes, resuming);
      put.catch(() => undefined);
      // One that has failed leaves the list only by being awaited.
      if (puts.push(put) >= CONCURRENCY) await puts.shift();
    }
    await Promise.all(puts);
  }

  /** The lists of what finished packs have are needed only to continue an interrupted backup. */
  async removeIndexes(): Promise<void> {
    for (const name of await this.archive.names()) if (isIndex(name)) await this.archive.remove(name);
  }

  private async *unknown(known: ReadonlySet<string>): AsyncGenerator<BlobEntry & { key: BlobKey }> {
    for await (const entry of this.blobs.list('')) {
      const key = tryKey(entry.key);
      if (key === null || known.has(key) || OWN_PREFIXES.some((prefix) => key.startsWith(prefix))) continue;
      yield { ...entry, key };
    }
  }

  /** Null for an object that is gone: it was of a write that failed, and no row has named it. */
  private async readSmall({ key, size }: BlobEntry & { key: BlobKey }): Promise<ReadObject | null> {
    try {
      const isSmall = size <= SMALL_BYTES;
      return { entry: { key, size }, bytes: isSmall ? await collect(await this.blobs.open(key)) : null };
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return null;
      throw error;
    }
  }

  private async *pack(
    first: ReadObject,
    objects: AsyncGenerator<ReadObject | null>,
    packed: PackedObject[],
  ): AsyncGenerator<Buffer> {
    let size = 0;
    for (
      let object: ReadObject | null = first;
      object;
      object = size < PACK_BYTES ? await nextPresent(objects) : null
    ) {
      const { entry, bytes } = object;
      yield packHeader(entry);
      let seen = 0;
      const chunks: AsyncIterable<Buffer> = bytes ? Readable.from([bytes]) : await this.blobs.open(entry.key);
      for await (const chunk of chunks) {
        seen += chunk.length;
        yield chunk;
      }
      if (seen !== entry.size) throw new Problem('unavailable', { detail: 'An object of the blob store was cut.' });
      packed.push({ key: entry.key, size: entry.size });
      size += seen;
    }
  }

  private async writeIndex(part: ArchivePart, objects: readonly PackedObject[]): Promise<void> {
    const name = indexOf(part.name);
    const text = Buffer.from(JSON.stringify({ part, objects }), 'utf8');
    await this.archive.write(name, this.keys.seal(name, Readable.from([text])));
  }

  /** Packs whose index was not written are written again. */
  private async finishedPacks(): Promise<PackIndex[]> {
    const found: PackIndex[] = [];
    for (const name of await this.archive.names()) {
      const bytes = isIndex(name) ? await this.archive.read(name) : null;
      if (!bytes) continue;
      const text = await collect(this.keys.open(name, Readable.from([bytes])));
      found.push(parsePackIndex(text.toString('utf8')));
    }
    return found;
  }

  /** An object that a crash has left half-written may be there. */
  private async putSmall(key: BlobKey, bytes: Buffer, resuming: boolean): Promise<void> {
    if (resuming) await this.blobs.delete([key]);
    await this.blobs.put(key, bytes, { maxBytes: bytes.length });
  }
}

export function isPack({ name }: ArchivePart): boolean {
  return name.startsWith(PACKS);
}

function isIndex(name: string): boolean {
  return name.startsWith(PACKS) && name.endsWith('.index');
}

function indexOf(pack: string): string {
  return pack.replace(/\.part$/, '.index');
}

async function nextPresent(objects: AsyncGenerator<ReadObject | null>): Promise<ReadObject | null> {
  for (;;) {
    const next: IteratorResult<ReadObject | null, undefined> = await objects.next();
    if (next.done === true) return null;
    if (next.value) return next.value;
  }
}

/** The results of `work` in the order of the items, up to `width` of them computed before they are asked for. */
async function* ahead<T, R>(items: AsyncIterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => undefined);
    started.push(result);
    const first = started.length > width ? started.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of started) yield await result;
}

async function collect(bytes: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
