import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BufferedFileWriter } from '../../libs/platform/src/blobs/disk/buffered-file-writer.adapter';

const MIB = 1024 * 1024;

describe('a file that is written in gathered blocks', () => {
  it('has every byte in order when the system takes less than it is given', async () => {
    const bytes = randomBytes(3 * MIB + 17);
    const disk = new Disk(() => 99_991);
    await pipeline(pieces(bytes, 1_000), new BufferedFileWriter(disk));
    expect(disk.bytes.equals(bytes)).toBe(true);
  });

  it('gathers small pieces into few writes, one at a time', async () => {
    const disk = new Disk();
    await pipeline(pieces(randomBytes(8 * MIB), 16_384), new BufferedFileWriter(disk));
    expect(disk.writes).toBeLessThanOrEqual(9);
    expect(disk.maxConcurrent).toBe(1);
  });

  it('fails when a write fails, the last one too', async () => {
    for (const size of [10, 3 * MIB]) {
      const full = { writev: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) };
      await expect(pipeline(pieces(randomBytes(size), 65_536), new BufferedFileWriter(full))).rejects.toMatchObject({
        code: 'ENOSPC',
      });
    }
  });

  it('stops its source while the disk is slow', async () => {
    let given = 0;
    const source = new Readable({
      read() {
        given += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    const stuck = { writev: () => new Promise<never>(() => undefined) };
    const file = new BufferedFileWriter(stuck);
    source.pipe(file);
    for (let turns = 0; turns < 1_000; turns += 1) await new Promise((turn) => setImmediate(turn));
    expect(given).toBeLessThan(3 * MIB);
    source.destroy();
    file.destroy();
  });
});

/** A file in memory, which may take only a part of what it is given. */
class Disk {
  private readonly taken: Buffer[] = [];
  private now = 0;
  writes = 0;
  maxConcurrent = 0;

  constructor(private readonly max: () => number = () => Number.MAX_SAFE_INTEGER) {}

  get bytes(): Buffer {
    return Buffer.concat(this.taken);
  }

  async writev<Pieces extends readonly NodeJS.ArrayBufferView[]>(buffers: Pieces) {
    this.writes += 1;
    this.now += 1;
    this.maxConcurrent = Math.max(this.maxConcurrent, this.now);
    await new Promise((turn) => setImmediate(turn));
    const all = Buffer.concat(buffers.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength)));
    const piece = all.subarray(0, this.max());
    this.taken.push(piece);
    this.now -= 1;
    return { bytesWritten: piece.length, buffers };
  }
}

function pieces(bytes: Buffer, size: number): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
  );
}
