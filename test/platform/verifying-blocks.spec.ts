import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { checksumOf } from '@adiuva/kernel';
import { coveringBlocks, verifyingBlocks } from '@adiuva/platform';

const SIZE = 1_000;
const BLOCK = 64;
const whole = randomBytes(SIZE);
const blocks = {
  size: BLOCK,
  checksums: Array.from({ length: Math.ceil(SIZE / BLOCK) }, (_, index) =>
    checksumOf(whole.subarray(index * BLOCK, (index + 1) * BLOCK)),
  ),
};

function stored(from: Buffer, start: number, end: number, piece: number): Readable {
  const { start: first, end: last } = coveringBlocks(blocks, SIZE, { start, end });
  const covered = from.subarray(first, last + 1);
  return Readable.from(
    Array.from({ length: Math.ceil(covered.length / piece) }, (_, index) =>
      covered.subarray(index * piece, (index + 1) * piece),
    ),
    { objectMode: false },
  );
}

async function read(from: Buffer, start: number, end: number, piece = 7): Promise<{ got: Buffer; failed: boolean }> {
  const got: Buffer[] = [];
  try {
    for await (const chunk of verifyingBlocks(stored(from, start, end, piece), blocks, SIZE, { start, end }))
      got.push(chunk);
    return { got: Buffer.concat(got), failed: false };
  } catch {
    return { got: Buffer.concat(got), failed: true };
  }
}

describe('a range that is verified by its blocks', () => {
  it.each([
    [0, 0],
    [0, 63],
    [0, 64],
    [63, 64],
    [64, 127],
    [100, 900],
    [999, 999],
    [0, 999],
    [960, 999],
  ])('is bytes %i to %i, whatever pieces the store gives', async (start, end) => {
    for (const piece of [1, 7, 64, 65, 5_000]) {
      expect(await read(whole, start, end, piece)).toEqual({ got: whole.subarray(start, end + 1), failed: false });
    }
  });

  it('is never whole when a byte of its blocks is wrong, in the range or beside it', async () => {
    for (let at = 64; at < 320; at += 1) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      const { got, failed } = await read(damaged, 100, 300);
      expect(failed).toBe(true);
      expect(got.length).toBeLessThan(201);
    }
  });

  it('fails when the store gives less, or more', async () => {
    expect((await read(whole.subarray(0, 290), 100, 300)).failed).toBe(true);
    const longer = verifyingBlocks(Readable.from([whole.subarray(64, 400)], { objectMode: false }), blocks, SIZE, {
      start: 100,
      end: 300,
    });
    await expect(longer.toArray()).rejects.toMatchObject({ code: 'upstream_failed' });
  });

  it('that the disk cannot read fails as damaged bytes do', async () => {
    const bytes = new Readable({
      read() {
        this.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }));
      },
    });
    const range = { start: 0, end: SIZE - 1 };
    await expect(buffer(verifyingBlocks(bytes, blocks, SIZE, range))).rejects.toMatchObject({
      code: 'upstream_failed',
    });
  });
});
