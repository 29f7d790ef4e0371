import { startFakePinecone, type FakePinecone } from '../support/fakes/vectors/fake-pinecone';
import { startFakeQdrant } from '../support/fakes/vectors/fake-qdrant';
import { startScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import { FORM, addAccounts, openVectors, sketchAt, sketched, someone } from '../support/builders/vectors';
import { QdrantVectorStore } from '../../libs/vectors/src/index/vectors.qdrant.adapter';
import { PineconeVectorStore } from '../../libs/vectors/src/index/vectors.pinecone.adapter';

const SKETCH = { mode: 'sketch', epoch: 1, form: FORM, wrappedKeys: null } as const;
const QUERY = { collection: 'notes', blob: null, sketches: [{ epoch: 1, data: sketchAt(0) }], topK: 10 };

let scratch: ScratchDatabase;
let pinecone: FakePinecone;
let services: ReturnType<typeof openVectors>;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  pinecone = await startFakePinecone(8);
  await addAccounts(scratch.database);
  services = openVectors(scratch.database, new PineconeVectorStore({ ...pinecone, controllerHost: pinecone.url }));
});
afterAll(async () => {
  await pinecone.stop();
  await scratch.stop();
});

async function owned() {
  const owner = someone();
  await services.collections.put(owner, 'notes', SKETCH, true);
  return owner;
}

async function find(owner: ReturnType<typeof someone>): Promise<string[]> {
  return (await services.search.search(owner, QUERY)).map(({ id }) => id);
}

describe('an index outside the database', () => {
  test('follows what is stored, replaced, deleted and dropped', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0), sketched('b', 20)]);
    expect(await find(owner)).toEqual(['a', 'b']);
    await services.vectors.upsert(owner, [sketched('a', 60)]);
    await services.vectors.delete(owner, 'notes', ['b']);
    expect(await find(owner)).toEqual(['a']);
    await services.collections.delete(owner, 'notes');
    expect(pinecone.namespaces.get(owner.userId)?.size).toBe(0);
  });

  test('that is away loses nothing: the write stands, and the job brings it up to date', async () => {
    const owner = await owned();
    pinecone.failWith = 503;
    await expect(services.vectors.upsert(owner, [sketched('a', 0)])).resolves.toBe(1);
    await expect(find(owner)).rejects.toMatchObject({ code: 'unavailable' });
    pinecone.failWith = null;
    expect(await find(owner)).toEqual([]);
    const jobs = await scratch.database.query<{ key: string }>(`SELECT key FROM graphile_worker.jobs WHERE key = $1`, [
      `vectors:${owner.userId}:notes`,
    ]);
    expect(jobs).toHaveLength(1);
    expect(await services.indexer.catchUp(owner.userId, 'notes')).toBe(true);
    expect(await find(owner)).toEqual(['a']);
  });

  test('that names what is gone, or is not the caller’s, is not believed', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    const stolen = new PineconeVectorStore({ ...pinecone, controllerHost: pinecone.url });
    const numbers = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    await stolen.upsert({ userId: owner.userId, collection: 'notes' }, [{ id: 'ghost', epoch: 1, numbers }]);
    expect(await find(owner)).toEqual(['a']);
  });

  test('is filled again from the rows when a store moves to another adapter', async () => {
    const owner = await owned();
    const vectors = Array.from({ length: 620 }, (_, i) => sketched(`v${i}`, i / 10));
    await services.vectors.upsert(owner, vectors);
    await services.vectors.delete(owner, 'notes', ['v0']);
    const target = await startFakePinecone(12);
    const moved = openVectors(scratch.database, new PineconeVectorStore({ ...target, controllerHost: target.url }));
    expect((await moved.reindex.run()).collections).toBeGreaterThan(0);
    expect(target.namespaces.get(owner.userId)?.size).toBe(619);
    const search = async (from: typeof moved) => (await from.search.search(owner, QUERY)).map(({ id }) => id);
    expect(await search(moved)).toEqual(await search(openVectors(scratch.database)));
    await target.stop();
  });

  test('that was lost is noticed by a search, which is 503, and rebuilt from the rows', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    await new PineconeVectorStore({ ...pinecone, controllerHost: pinecone.url }).erase(owner.userId);
    await expect(find(owner)).rejects.toMatchObject({ code: 'unavailable' });
    const jobs = await scratch.database.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'rebuild_vectors' AND key LIKE '%' || $1 || '%'`,
      [owner.userId],
    );
    expect(jobs).toHaveLength(1);
    await services.indexer.rebuild(owner.userId, 'notes');
    expect(await find(owner)).toEqual(['a']);
  });

  test('that has lost only a part is noticed by a search that finds less than there is', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0), sketched('b', 10)]);
    await new PineconeVectorStore({ ...pinecone, controllerHost: pinecone.url }).erase(owner.userId);
    await services.vectors.upsert(owner, [sketched('c', 20)]);
    await expect(find(owner)).rejects.toMatchObject({ code: 'unavailable' });
    await services.indexer.rebuild(owner.userId, 'notes');
    expect(await find(owner)).toEqual(['a', 'b', 'c']);
  });

  test('that was lost and made again by a write is rebuilt for every user', async () => {
    const qdrant = await startFakeQdrant();
    const store = () => openVectors(scratch.database, new QdrantVectorStore({ url: qdrant.url, apiKey: 'qdrant-key' }));
    const [first, second] = [await owned(), await owned()];
    const filled = store();
    for (const owner of [first, second]) await filled.vectors.upsert(owner, [sketched('a', 0)]);
    qdrant.lose('adiuva_8');
    await store().vectors.upsert(second, [sketched('b', 10)]);
    const jobs = await scratch.database.query<{ key: string }>(
      `SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'rebuild_vectors'`,
    );
    const keys = [first, second].map(({ userId }) => `rebuild_vectors:${userId}:notes`);
    expect(jobs.map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
    await qdrant.stop();
  });

  test('is emptied with the account', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    await services.erasure.erase(owner.userId);
    expect(pinecone.namespaces.has(owner.userId)).toBe(false);
    const rows = await scratch.database.query('SELECT 1 FROM vector_items WHERE user_id = $1', [owner.userId]);
    expect(rows).toEqual([]);
  });

  test('has no work left for an account that is erased: no job waits for its collections', async () => {
    const owner = await owned();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    await services.erasure.erase(owner.userId);
    await services.indexer.rebuild(owner.userId, 'notes', new AbortController().signal);
    expect(await services.indexer.catchUp(owner.userId, 'notes')).toBe(true);
    expect(pinecone.namespaces.has(owner.userId)).toBe(false);
  });
});
