import { Readable } from 'node:stream';
import { checksumOf } from '@adiuva/kernel';
import { contentRange, parseRange, safeKey, tryKey, verifyingStream, type ByteRange } from '@adiuva/platform';

describe('the wall against unsafe keys', () => {
  it.each([['user', 'notes', 'id.1'], ['a'], ['0', 'a_b-c.d']])('lets %s through', (...segments) => {
    expect(safeKey(...segments)).toBe(segments.join('/'));
  });

  it.each([
    [],
    [''],
    ['.'],
    ['..'],
    ['a', '..', 'b'],
    ['a', ''],
    ['a..b'],
    ['.a'],
    ['-a'],
    ['a.'],
    ['A'],
    ['a b'],
    ['a/b/../c'],
    ['a\n'],
    ['a\0'],
    ['ä'],
    ['a\\b'],
    ['=ab'],
    ['x'.repeat(129)],
    Array.from({ length: 9 }, () => 'a'),
  ])('stops %j', (...segments) => {
    expect(() => safeKey(...segments)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    expect(tryKey(segments.join('/'))).toBeNull();
  });
});

describe('ranges', () => {
  it.each<[string | undefined, number, ByteRange | null]>([
    [undefined, 10, null],
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=2-', 10, { start: 2, end: 9 }],
    ['bytes=2-100', 10, { start: 2, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-30', 10, { start: 0, end: 9 }],
    ['bytes=5-2', 10, null],
    ['bytes=-', 10, null],
    ['bytes=0-1,3-4', 10, null],
    ['items=0-1', 10, null],
    ['bytes=x-1', 10, null],
  ])('%s of %i bytes is %j', (header, size, range) => {
    expect(parseRange(header, size)).toEqual(range);
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=0-', 0],
    ['bytes=-0', 10],
    ['bytes=999999999999999-', 10],
  ])('%s of %i bytes cannot be satisfied', (header, size) => {
    expect(() => parseRange(header, size)).toThrow(expect.objectContaining({ code: 'range_not_satisfiable' }));
  });

  it('are told as Content-Range', () => {
    expect(contentRange({ start: 2, end: 4 }, 10)).toBe('bytes 2-4/10');
  });
});

describe('verified bytes', () => {
  const bytes = Buffer.from('0123456789abcdef');
  const pieces = (): Readable => Readable.from([...bytes].map((byte) => Buffer.of(byte)));

  async function read(stream: Readable): Promise<string> {
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text;
  }

  it('give the whole or any range of what has the promised checksum', async () => {
    expect(await read(verifyingStream(pieces(), checksumOf(bytes), 16))).toBe('0123456789abcdef');
    for (let start = 0; start < 16; start += 1) {
      for (let end = start; end < 16; end += 1) {
        expect(await read(verifyingStream(Readable.from([bytes]), checksumOf(bytes), 16, { start, end }))).toBe(
          bytes.toString().slice(start, end + 1),
        );
      }
    }
    expect(await read(verifyingStream(Readable.from([]), checksumOf(Buffer.alloc(0)), 0))).toBe('');
  });

  it.each([
    ['damaged', Buffer.from('0123456789abcdeF'), 16],
    ['short', Buffer.from('0123456789abcde'), 16],
    ['long', Buffer.from('0123456789abcdef!'), 16],
  ])('hold back the last byte of what is %s, and fail', async (_, wrong, size) => {
    let got = '';
    const reading = (async () => {
      for await (const chunk of verifyingStream(Readable.from([wrong]), checksumOf(bytes), size)) got += String(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(got.length).toBeLessThan(16);
  });
});
