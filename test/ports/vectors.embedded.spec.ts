import { randomUUID } from 'node:crypto';
import { ItemStore } from '../../libs/vectors/src/item.store';
import { EmbeddedVectorStore } from '../../libs/vectors/src/index/vectors.embedded.adapter';
import { startScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import { SketchRows } from '../support/builders/sketch-rows';
import { vectorStoreContract } from './vector-store.port';

describe('the embedded index', () => {
  let scratch: ScratchDatabase;
  let rows: SketchRows;

  beforeAll(async () => {
    scratch = await startScratchDatabase();
    rows = new SketchRows(scratch.database);
  });
  afterAll(() => scratch.stop());

  function open(megabytes = 64): EmbeddedVectorStore {
    return new EmbeddedVectorStore(new ItemStore(scratch.database), megabytes);
  }

  vectorStoreContract(() => {
    const store = open();
    return Promise.resolve({
      store,
      write: (at, vectors) => rows.write(at, vectors),
      remove: (at, ids) => rows.remove(at, ids),
      drop: async (at) => {
        await rows.remove(at, null);
        await store.drop();
      },
      erase: async (userId) => {
        await rows.erase(userId);
        await store.erase(userId);
      },
    });
  });

  test('what another process stored is found at once', async () => {
    const [here, there] = [open(), open()];
    const at = { userId: randomUUID(), collection: 'notes' };
    const numbers = Float32Array.of(1, 0, 0, 0);
    const query = { epoch: 1, numbers, count: 5 };
    expect(await here.nearest(at, query)).toEqual([]);
    await rows.write(at, [{ id: 'a', epoch: 1, numbers }]);
    expect(await here.nearest(at, query)).toHaveLength(1);
    expect(await there.nearest(at, query)).toHaveLength(1);
    await rows.remove(at, ['a']);
    expect(await here.nearest(at, query)).toEqual([]);
    expect(await there.nearest(at, query)).toEqual([]);
  });

  test('collections that do not fit into memory together are still found, one after the other and at once', async () => {
    const small = open(1);
    const users = Array.from({ length: 12 }, () => ({ userId: randomUUID(), collection: 'notes' }));
    const numbers = Float32Array.from({ length: 384 }, (_, i) => i + 1);
    const vectors = Array.from({ length: 400 }, (_, i) => ({
      id: `v${i}`,
      epoch: 1,
      numbers: numbers.with(i % 384, -1),
    }));
    for (const at of users) await rows.write(at, vectors);
    const ask = (at: (typeof users)[number]) => small.nearest(at, { epoch: 1, numbers, count: 400 });
    for (const at of users) expect(await ask(at)).toHaveLength(400);
    const answers = await Promise.all([...users, ...users].map(ask));
    expect(answers.every(({ length }) => length === 400)).toBe(true);
  });
});
