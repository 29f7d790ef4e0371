import { ExactScan } from '../../libs/vectors/src/scan/exact-scan';
import { decodeWords } from '../../libs/vectors/src/scan/float16';
import { lengthOf } from '../../libs/vectors/src/scan/int8-quantization';
import { ScanArena } from '../../libs/vectors/src/scan/scan-arena';

const arena = new ScanArena();

/** Numbers between about -1 and 1 as halves, the same for the same seed (a linear congruential generator). */
function halvesOf(seed: number, dim: number): Uint16Array {
  let state = (seed + 1) * 2_654_435_761;
  return Uint16Array.from({ length: dim }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 16) & 0x8000) | (0x2c00 + ((state >>> 12) & 0xfff));
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / (lengthOf(a) * lengthOf(b));
}

function fill(dim: number, count: number): { readonly scan: ExactScan; readonly items: Map<string, Uint16Array> } {
  const scan = new ExactScan(arena, dim);
  const items = new Map(Array.from({ length: count }, (_, i) => [`id-${i}`, halvesOf(i, dim)] as const));
  items.forEach((halves, id) => scan.set(id, halves));
  return { scan, items };
}

function bruteForce(items: ReadonlyMap<string, Uint16Array>, query: Float32Array, count: number): string[] {
  return [...items]
    .map(([id, halves]) => ({ id, score: cosine(query, decodeWords(halves)) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ id }) => id);
}

describe('the exact scan', () => {
  test.each([1, 2, 15, 16, 17, 100, 384, 1000, 1536, 4096])('misses no neighbour at %i dimensions', (dim) => {
    const { scan, items } = fill(dim, dim < 3 ? 5 : 600);
    for (const seed of [1001, 1002, 1003]) {
      const query = decodeWords(halvesOf(seed, dim));
      const found = scan.nearest(query, 10).map(({ id }) => id);
      if (dim > 2) expect(found).toEqual(bruteForce(items, query, 10));
      else expect(found).toHaveLength(5);
    }
    scan.clear();
  });

  test('gives the exact cosine, 1 for the same direction and -1 for the opposite', () => {
    const { scan, items } = fill(100, 50);
    const query = decodeWords(items.get('id-7') ?? new Uint16Array(0)).map((value) => 3 * value);
    expect(scan.nearest(query, 1)).toEqual([{ id: 'id-7', score: expect.closeTo(1, 5) }]);
    expect(
      scan
        .nearest(
          query.map((value) => -value),
          50,
        )
        .at(-1),
    ).toEqual({ id: 'id-7', score: expect.closeTo(-1, 5) });
    scan.clear();
  });

  test('stays right while items are replaced and deleted across blocks', () => {
    const { scan, items } = fill(384, 1200);
    for (let i = 0; i < 1200; i += 3) {
      scan.delete(`id-${i}`);
      items.delete(`id-${i}`);
    }
    for (let i = 1; i < 1200; i += 3) {
      const halves = halvesOf(5000 + i, 384);
      scan.set(`id-${i}`, halves);
      items.set(`id-${i}`, halves);
    }
    expect(scan.size).toBe(items.size);
    const query = decodeWords(halvesOf(9999, 384));
    expect(scan.nearest(query, 20).map(({ id }) => id)).toEqual(bruteForce(items, query, 20));
    scan.delete('id-unknown');
    items.forEach((_, id) => scan.delete(id));
    expect(scan.nearest(query, 20)).toEqual([]);
    expect(scan.bytes).toBe(0);
  });

  test('keeps the blocks of two users apart and gives freed ones to the next', () => {
    const first = fill(64, 900);
    const second = fill(64, 900);
    const query = decodeWords(halvesOf(4, 64));
    first.items.forEach((_, id) => first.scan.set(id, halvesOf(77, 64)));
    expect(second.scan.nearest(query, 1)).toEqual([{ id: 'id-4', score: expect.closeTo(1, 5) }]);
    first.scan.clear();
    const third = fill(64, 900);
    expect(second.scan.nearest(query, 5)).toEqual(third.scan.nearest(query, 5));
    [second, third].forEach(({ scan }) => scan.clear());
  });

  test('never finds a vector of no length, or prefers it', () => {
    const scan = new ExactScan(arena, 8);
    scan.set('nothing', new Uint16Array(8));
    scan.set('something', halvesOf(1, 8));
    expect(scan.nearest(decodeWords(halvesOf(1, 8)), 2)).toEqual([
      { id: 'something', score: expect.closeTo(1, 5) },
      { id: 'nothing', score: 0 },
    ]);
  });
});
