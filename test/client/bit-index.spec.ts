import { createHash } from 'node:crypto';
import { BitIndex, signBits } from '../../libs/client/src/search/bit-index';

const DIM = 50;

function vectorOf(seed: number): Float64Array {
  return Float64Array.from(createHash('sha512').update(String(seed)).digest().subarray(0, DIM), (byte) => byte - 127.5);
}

function indexOf(count: number): BitIndex {
  const index = new BitIndex(DIM);
  for (let i = 0; i < count; i += 1) index.set(String(i), signBits(vectorOf(i)));
  return index;
}

describe('the one-bit index', () => {
  test('finds every vector by itself, first', () => {
    const index = indexOf(3000);
    for (const i of [0, 1, 1023, 1024, 2999]) expect(index.nearest(vectorOf(i), 3)[0]?.id).toBe(String(i));
  });

  test('forgets what is deleted and keeps the rest', () => {
    const index = indexOf(5);
    expect(index.delete('1')).toBe(true);
    expect(index.delete('1')).toBe(false);
    expect(index.size).toBe(4);
    expect(
      index
        .nearest(vectorOf(1), 5)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['0', '2', '3', '4']);
    expect(index.nearest(vectorOf(4), 1)[0]?.id).toBe('4');
    for (const id of ['0', '2', '3', '4']) index.delete(id);
    expect(index.nearest(vectorOf(1), 5)).toEqual([]);
  });

  test('takes a new vector for a known id in its place', () => {
    const index = indexOf(5);
    index.set('2', signBits(vectorOf(99)));
    expect(index.size).toBe(5);
    expect(index.nearest(vectorOf(99), 1)[0]?.id).toBe('2');
  });

  test('gives as many as are asked for and there are', () => {
    const index = indexOf(30);
    expect(index.nearest(vectorOf(3), 10)).toHaveLength(10);
    expect(index.nearest(vectorOf(3), 100)).toHaveLength(30);
    expect(new BitIndex(DIM).nearest(vectorOf(3), 10)).toEqual([]);
  });

  test('refuses another dimension', () => {
    expect(() => indexOf(1).nearest([1, 2], 1)).toThrow(RangeError);
    expect(() => indexOf(1).set('a', new Int32Array(1))).toThrow(RangeError);
  });
});
