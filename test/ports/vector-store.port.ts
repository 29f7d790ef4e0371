import { randomUUID } from 'node:crypto';
import type { IndexedCollection, IndexedVector, VectorStore } from '../../libs/vectors/src/index/vector-store.port';

/** What the suite needs of an adapter: where an adapter searches the rows themselves, `write` and `remove` change the rows. */
export interface VectorStoreHarness {
  readonly store: VectorStore;
  write(at: IndexedCollection, vectors: readonly IndexedVector[]): Promise<void>;
  remove(at: IndexedCollection, ids: readonly string[]): Promise<void>;
  drop(at: IndexedCollection): Promise<void>;
  erase(userId: string): Promise<void>;
}

const DIM = 8;

function space(userId: string = randomUUID(), collection = 'notes'): IndexedCollection {
  return { userId, collection };
}

/** A vector of length 1 in the plane of the first two axes, at an angle in degrees. */
function at(id: string, degrees: number, epoch = 1, dim = DIM): IndexedVector {
  const numbers = new Float32Array(dim);
  numbers[0] = Math.cos((degrees / 180) * Math.PI);
  numbers[1] = Math.sin((degrees / 180) * Math.PI);
  return { id, epoch, numbers };
}

function query(degrees: number, count = 10, epoch = 1, dim = DIM) {
  return { epoch, numbers: at('', degrees, epoch, dim).numbers, count };
}

/** What every index of sketches must do. */
export function vectorStoreContract(open: () => Promise<VectorStoreHarness>): void {
  let harness: VectorStoreHarness;
  beforeAll(async () => {
    harness = await open();
  });

  async function found(where: IndexedCollection, asked = query(0)): Promise<string[]> {
    return (await harness.store.nearest(where, asked)).map(({ id }) => id);
  }

  test('the nearest come first, with their cosines', async () => {
    const where = space();
    await harness.write(where, [at('far', 90), at('near', 10), at('opposite', 180), at('nearest', 0)]);
    const matches = await harness.store.nearest(where, query(0));
    expect(matches.map(({ id }) => id)).toEqual(['nearest', 'near', 'far', 'opposite']);
    [1, Math.cos(Math.PI / 18), 0, -1].forEach((cosine, i) => expect(matches[i]?.score).toBeCloseTo(cosine, 2));
  });

  test('length does not matter, only direction', async () => {
    const where = space();
    const long = { ...at('long', 30), numbers: at('', 30).numbers.map((value) => 1.4 * value) };
    await harness.write(where, [long, at('near', 20)]);
    expect(await found(where)).toEqual(['near', 'long']);
  });

  test('no more than asked for come back', async () => {
    const where = space();
    await harness.write(
      where,
      Array.from({ length: 30 }, (_, i) => at(`v${i}`, i)),
    );
    expect(await found(where, query(0, 7))).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6']);
  });

  test('an empty collection has no neighbours', async () => {
    expect(await found(space())).toEqual([]);
  });

  test("another user's vectors never appear, under the same collection and ids", async () => {
    const [mine, theirs] = [space(), space()];
    await harness.write(mine, [at('a', 0), at('b', 90)]);
    await harness.write(theirs, [at('a', 45), at('c', 0)]);
    expect(await found(mine)).toEqual(['a', 'b']);
    expect(await found(theirs)).toEqual(['c', 'a']);
    await harness.remove(theirs, ['a', 'b', 'c']);
    expect(await found(mine)).toEqual(['a', 'b']);
  });

  test('collections of one user are apart, also where one name begins with the other', async () => {
    const notes = space();
    const more = space(notes.userId, 'notes_more');
    await harness.write(notes, [at('a', 0)]);
    await harness.write(more, [at('a', 50), at('b', 10)]);
    expect(await found(notes)).toEqual(['a']);
    expect(await found(more)).toEqual(['b', 'a']);
    await harness.drop(notes);
    expect(await found(notes)).toEqual([]);
    expect(await found(more)).toEqual(['b', 'a']);
  });

  test('an item stored again is where it was put last', async () => {
    const where = space();
    await harness.write(where, [at('a', 0), at('b', 30)]);
    await harness.write(where, [at('a', 60)]);
    await harness.write(where, [at('a', 60)]);
    expect(await found(where)).toEqual(['b', 'a']);
  });

  test('epochs are never compared with each other, and an item leaves its old one', async () => {
    const where = space();
    await harness.write(where, [at('a', 0, 1), at('b', 10, 1)]);
    await harness.write(where, [at('a', 90, 2)]);
    expect(await found(where, query(0, 10, 1))).toEqual(['b']);
    expect(await found(where, query(0, 10, 2))).toEqual(['a']);
    expect(await found(where, query(0, 10, 3))).toEqual([]);
  });

  test('an item may come back with other dimensions', async () => {
    const where = space();
    await harness.write(where, [at('a', 0, 1), at('b', 10, 1)]);
    await harness.write(where, [at('a', 20, 2, 5)]);
    expect(await found(where, query(0, 10, 1))).toEqual(['b']);
    expect(await found(where, query(0, 10, 2, 5))).toEqual(['a']);
  });

  test('what is removed is gone; ids that are not there are passed over', async () => {
    const where = space();
    await harness.write(where, [at('a', 0), at('b', 10), at('c.d:e_f-1', 20)]);
    await harness.remove(where, ['a', 'c.d:e_f-1', 'unknown']);
    await harness.remove(where, ['a']);
    expect(await found(where)).toEqual(['b']);
  });

  test('erasing a user leaves nothing of his and all of the others', async () => {
    const mine = space();
    const other = space();
    await harness.write(mine, [at('a', 0)]);
    await harness.write(space(mine.userId, 'mail'), [at('a', 0)]);
    await harness.write(other, [at('a', 0)]);
    await harness.erase(mine.userId);
    await harness.erase(randomUUID());
    expect(await found(mine)).toEqual([]);
    expect(await found(space(mine.userId, 'mail'))).toEqual([]);
    expect(await found(other)).toEqual(['a']);
  });

  test('a thousand vectors are found as exactly as a few', async () => {
    const where = space();
    const turned = (id: string, seed: number) => {
      const numbers = Float32Array.from({ length: DIM }, (_, i) =>
        Math.fround(((seed * 7919 + i * 104_729) % 1009) / 504 - 1),
      );
      return { id, epoch: 1, numbers };
    };
    const all = Array.from({ length: 1000 }, (_, i) => turned(`v${i}`, i + 1));
    await harness.write(where, all);
    for (const wanted of [all[3], all[500], all[999]]) {
      const [best] = await harness.store.nearest(where, {
        epoch: 1,
        numbers: wanted?.numbers ?? new Float32Array(DIM),
        count: 1,
      });
      expect(best?.score).toBeCloseTo(1, 2);
    }
  });

  test('it says that it is up', async () => {
    expect(await harness.store.isUp()).toBe(true);
  });
}
