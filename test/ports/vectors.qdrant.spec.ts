import { requestContext } from '@adiuva/platform';
import { qdrantAddress } from '../../libs/vectors/src/index/qdrant-address';
import { QdrantVectorStore } from '../../libs/vectors/src/index/vectors.qdrant.adapter';
import { startFakeQdrant, type FakeQdrant } from '../support/fakes/vectors/fake-qdrant';
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

  test.each([
    ['http://qdrant', 'http://qdrant', 6333, undefined],
    ['http://qdrant:6334/', 'http://qdrant', 6334, undefined],
    ['https://qdrant:443', 'https://qdrant', 443, undefined],
    ['http://qdrant:80', 'http://qdrant', 80, undefined],
    ['https://proxy.example.org/qdrant/', 'https://proxy.example.org', null, '/qdrant'],
    ['https://proxy.example.org:8443/a/b', 'https://proxy.example.org', 8443, '/a/b'],
  ])('the address %s has its host, port and path', (text, url, port, prefix) => {
    expect(qdrantAddress(text)).toEqual({ url, port, ...(prefix === undefined ? {} : { prefix }) });
  });

  test('behind a path it is reached by its path', async () => {
    await new QdrantVectorStore({ url: `${qdrant.url}/behind/a/proxy`, apiKey: 'qdrant-key' }).isUp();
    expect(qdrant.lastPath()).toBe('/behind/a/proxy/collections');
  });

  test('a collection that was lost is made again, for writing and for searching', async () => {
    const at = { userId: 'user-lost', collection: 'notes' };
    const vector = { id: 'x', epoch: 1, numbers: new Float32Array(8).fill(1) };
    await store.upsert(at, [vector]);
    qdrant.lose('adiuva_8');
    expect(await store.nearest(at, { epoch: 1, numbers: vector.numbers, count: 1 })).toEqual([]);
    qdrant.lose('adiuva_8');
    await store.upsert(at, [vector]);
    expect(await store.nearest(at, { epoch: 1, numbers: vector.numbers, count: 1 })).toHaveLength(1);
  });

  test('a request carries the id of the request that caused it', async () => {
    await requestContext.run({ requestId: 'request-1' }, () => store.isUp());
    expect(qdrant.lastRequestId()).toBe('request-1');
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
