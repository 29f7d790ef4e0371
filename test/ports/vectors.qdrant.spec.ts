import { QdrantVectorStore } from '../../libs/vectors/src/index/vectors.qdrant.adapter';
import { startFakeQdrant, type FakeQdrant } from '../support/fake-qdrant';
import { vectorStoreContract } from './vector-store.port';

describe('Qdrant', () => {
  let qdrant: FakeQdrant;
  let store: QdrantVectorStore;

  // The client warns on standard error that a key travels over plain HTTP; here it travels over loopback.
  beforeAll(() => jest.spyOn(console, 'warn').mockImplementation(() => undefined));
  afterAll(() => qdrant.stop());

  vectorStoreContract(async () => {
    qdrant = await startFakeQdrant();
    store = new QdrantVectorStore({ url: qdrant.url, apiKey: 'qdrant-key' });
    return {
      store,
      write: (at, vectors) => store.upsert(at, vectors),
      remove: (at, ids) => store.remove(at, ids),
      drop: (at) => store.drop(at),
      erase: (userId) => store.erase(userId),
    };
  });

  test('every point carries its user, and the user is indexed', async () => {
    await store.upsert({ userId: 'user-a', collection: 'notes' }, [
      { id: 'x', epoch: 1, numbers: new Float32Array(8).fill(1) },
    ]);
    const collection = qdrant.collections.get('adiuva_8');
    expect(collection?.indexed).toContain('user_id');
    expect(
      [...(collection?.points.values() ?? [])].every(({ payload }) => typeof payload['user_id'] === 'string'),
    ).toBe(true);
  });

  test('a wrong key is upstream_failed, a service that is away unavailable, and readiness says so', async () => {
    const wrong = new QdrantVectorStore({ url: qdrant.url, apiKey: 'other' });
    await expect(wrong.erase('user-a')).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(await wrong.isUp()).toBe(false);
    const away = new QdrantVectorStore({ url: 'http://127.0.0.1:1', apiKey: undefined });
    await expect(away.erase('user-a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await away.isUp()).toBe(false);
  });
});
