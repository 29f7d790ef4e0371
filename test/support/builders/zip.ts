import { crc32, deflateRawSync } from 'node:zlib';

/** One entry to write; everything but its name may lie. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  readonly stored?: boolean;
  /** Unix mode, such as 0o120777 for a link. */
  readonly mode?: number;
  /** General purpose flags beside UTF-8. */
  readonly flags?: number;
  readonly utf8?: boolean;
  readonly method?: number;
  readonly size?: number;
  readonly crc?: number;
  readonly localName?: string | Buffer;
  readonly localSize?: number;
  readonly extra?: Buffer;
  /** Points the directory at the header of an earlier entry instead of its own. */
  readonly sharesWith?: number;
  /** Unreferenced bytes before this entry. */
  readonly before?: Buffer;
}

export interface ZipShape {
  readonly prefix?: Buffer;
  readonly beforeDirectory?: Buffer;
  readonly afterDirectory?: Buffer;
  readonly comment?: Buffer;
  readonly suffix?: Buffer;
  readonly entryCount?: number;
}

interface Written {
  readonly header: Buffer;
  readonly central: (offset: number) => Buffer;
}

/** Writes a zip archive, honest by default, so that tests can write dishonest ones. */
export function zip(entries: readonly ZipEntry[], shape: ZipShape = {}): Buffer {
  const parts: Buffer[] = [shape.prefix ?? Buffer.alloc(0)];
  const offsets: number[] = [];
  const central: Buffer[] = [];
  let at = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const written = write(entry);
    const before = entry.before ?? Buffer.alloc(0);
    const offset = entry.sharesWith === undefined ? at + before.length : (offsets[entry.sharesWith] ?? 0);
    central.push(written.central(offset));
    offsets.push(offset);
    if (entry.sharesWith !== undefined) continue;
    parts.push(before, written.header);
    at += before.length + written.header.length;
  }
  const hidden = shape.beforeDirectory ?? Buffer.alloc(0);
  const directory = Buffer.concat(central);
  const end = endRecord(
    shape.entryCount ?? entries.length,
    directory.length,
    at + hidden.length,
    shape.comment ?? Buffer.alloc(0),
  );
  return Buffer.concat([
    ...parts,
    hidden,
    directory,
    shape.afterDirectory ?? Buffer.alloc(0),
    end,
    shape.suffix ?? Buffer.alloc(0),
  ]);
}

/** An archive of honest files. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return zip(Object.entries(files).map(([name, data]) => ({ name, data })));
}

function write(entry: ZipEntry): Written {
  const data = Buffer.from(entry.data ?? '');
  const packed = entry.stored ? data : deflateRawSync(data);
  const flags = (entry.flags ?? 0) | (entry.utf8 === false ? 0 : 0x800);
  const method = entry.method ?? (entry.stored ? 0 : 8);
  const crc = entry.crc ?? crc32(data);
  const size = entry.size ?? data.length;
  const extra = entry.extra ?? Buffer.alloc(0);
  const common = (name: Buffer, unpacked: number): Buffer => {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(unpacked, 18);
    fields.writeUInt16LE(name.length, 22);
    fields.writeUInt16LE(extra.length, 24);
    return fields;
  };
  const name = Buffer.from(entry.name);
  const localName = Buffer.from(entry.localName ?? entry.name);
  const header = Buffer.concat([
    Buffer.from('504b0304', 'hex'),
    common(localName, entry.localSize ?? size),
    localName,
    extra,
    packed,
  ]);
  const central = (offset: number): Buffer => {
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    return Buffer.concat([Buffer.from('504b01021403', 'hex'), common(name, size), tail, name, extra]);
  };
  return { header, central };
}

function endRecord(count: number, size: number, offset: number, comment: Buffer): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count & 0xffff, 8);
  record.writeUInt16LE(count & 0xffff, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, comment]);
}
