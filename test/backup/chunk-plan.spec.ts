import { chunkPlan, MAX_CHUNK_BYTES, MAX_CHUNKS, missingChunks } from '@adiuva/backup';
import { chunkBytes, firstNumberFrom, fitsParts, isChunkSize } from '../../libs/backup/src/uploads/chunk-plan';

describe('the plan of chunks', () => {
  it.each([
    [1, 1, 1],
    [10, 10, 1],
    [11, 10, 2],
    [100, 3, 34],
    [2_000_000_000, 8 * 1024 * 1024, 239],
  ])('cuts %i bytes by %i into %i', (size, chunk, count) => {
    const plan = chunkPlan(size, chunk);
    expect(plan.count).toBe(count);
    const sizes = Array.from({ length: count }, (_, number) => chunkBytes(plan, number, 0).max);
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(size);
    expect(sizes.every((one) => one > 0)).toBe(true);
  });

  it.each([
    [0, 1],
    [1, 0],
    [-5, 5],
    [1.5, 1],
    [10, MAX_CHUNK_BYTES + 1],
    [MAX_CHUNKS + 1, 1],
    [Number.MAX_SAFE_INTEGER, MAX_CHUNK_BYTES],
    [NaN, 1],
    [Infinity, 1],
  ])('refuses %p bytes by %p', (size, chunk) => {
    expect(() => chunkPlan(size, chunk)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });

  it('counts from 0, and from 1 for who counts so', () => {
    const plan = chunkPlan(25, 10);
    expect([0, 1, 2, 3].map((number) => firstNumberFrom(plan, number))).toEqual([0, null, null, 1]);
    expect(chunkBytes(plan, 2, 0)).toEqual({ min: 5, max: 5 });
    expect(chunkBytes(plan, 2, 1)).toEqual({ min: 10, max: 10 });
    expect(chunkBytes(plan, 3, null)).toEqual({ min: 5, max: 5 });
    expect([4, 5, 6, 9, 10, 11].map((size) => isChunkSize(plan, 2, null, size))).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(missingChunks(plan, null, [2])).toEqual([0, 1]);
    expect(missingChunks(plan, 1, [3])).toEqual([1, 2]);
  });

  it.each([
    [-1, null],
    [4, null],
    [3, 0],
    [0, 1],
    [1.5, null],
    [NaN, null],
  ] as const)('refuses chunk %p where the first is %p', (number, first) => {
    expect(() => chunkBytes(chunkPlan(25, 10), number, first)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });

  it('sends chunks of 5 MiB and more, and single ones, to the store as parts', () => {
    const five = 5 * 1024 * 1024;
    expect(
      [chunkPlan(100, 10), chunkPlan(100, 100), chunkPlan(2 * five, five), chunkPlan(2 * five, five - 1)].map(
        fitsParts,
      ),
    ).toEqual([false, true, true, false]);
  });
});
