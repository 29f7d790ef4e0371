import { MicroBatcher } from '@adiuva/platform';

describe('what goes to the database in bundles', () => {
  it('gathers what comes while a bundle is under way, up to its size', async () => {
    const sizes: number[] = [];
    const microBatcher = new MicroBatcher<number, number>(async (items) => {
      sizes.push(items.length);
      await new Promise((turn) => setImmediate(turn));
      return items.map((item) => item * 2);
    }, 4);
    const first = microBatcher.enqueue(0);
    await new Promise((turn) => setImmediate(turn));
    const others = Array.from({ length: 6 }, (_, index) => microBatcher.enqueue(index + 1));
    expect(await Promise.all([first, ...others])).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(sizes).toEqual([1, 4, 2]);
  });

  it('leaves to its asker what could not be done with the others', async () => {
    const microBatcher = new MicroBatcher<number, number>(
      async (items) => items.map((item) => (item === 2 ? undefined : item)),
      9,
    );
    expect(await Promise.all([microBatcher.enqueue(1), microBatcher.enqueue(2), microBatcher.enqueue(3)])).toEqual([
      1,
      undefined,
      3,
    ]);
  });

  it('tells a failure to all of a bundle, and goes on with the next', async () => {
    let failing = true;
    const microBatcher = new MicroBatcher<number, number>(async (items) => {
      if (failing) throw new Error('no connection');
      return items;
    }, 9);
    const outcomes = await Promise.allSettled([microBatcher.enqueue(1), microBatcher.enqueue(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    expect(await microBatcher.enqueue(3)).toBe(3);
  });
});
