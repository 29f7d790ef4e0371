import { Problem } from '@adiuva/kernel';
import { requestContext } from '@adiuva/platform';
import { PineconeVectorStore } from '../../libs/vectors/src/index/vectors.pinecone.adapter';
import { startFakePinecone, type FakePinecone } from '../support/fakes/vectors/fake-pinecone';
import { vectorStoreContract } from './vector-store.port';

describe('Pinecone', () => {
  let pinecone: FakePinecone;
  let store: PineconeVectorStore;

  async function open(): Promise<PineconeVectorStore> {
    pinecone = await startFakePinecone(16);
    return new PineconeVectorStore({ apiKey: pinecone.apiKey, index: pinecone.index, controllerHost: pinecone.url });
  }

  afterAll(() => pinecone.stop());

  vectorStoreContract(async () => {
    store = await open();
    return {
      store,
      write: (at, vectors) => store.upsert(at, vectors),
      remove: (at, ids) => store.remove(at, ids),
      drop: (at) => store.drop(at),
      erase: (userId) => store.erase(userId),
    };
  });

  test('each user has a namespace of his own', async () => {
    const numbers = new Float32Array(8).fill(1);
    await store.upsert({ userId: 'user-a', collection: 'notes' }, [{ id: 'x', epoch: 1, numbers }]);
    expect([...(pinecone.namespaces.get('user-a')?.keys() ?? [])]).toEqual(['notes/x']);
  });

  test('each request carries the id of the request that caused it', async () => {
    const numbers = new Float32Array(8).fill(1);
    const at = { userId: 'user-a', collection: 'notes' };
    const before = pinecone.requestIds.length;
    await requestContext.run({ requestId: 'request-1' }, () => store.upsert(at, [{ id: 'x', epoch: 1, numbers }]));
    const sent = pinecone.requestIds.slice(before);
    expect(sent.length).toBeGreaterThan(0);
    expect(new Set(sent)).toEqual(new Set(['request-1']));
  });

  test('more dimensions than the index has are refused in words that help', async () => {
    const numbers = new Float32Array(17).fill(1);
    const refused = store.upsert({ userId: 'user-a', collection: 'notes' }, [{ id: 'x', epoch: 1, numbers }]);
    await expect(refused).rejects.toMatchObject({ code: 'unprocessable' });
  });

  test('a wrong key is upstream_failed, a failing service unavailable, and readiness says so', async () => {
    const wrong = new PineconeVectorStore({ apiKey: 'other', index: pinecone.index, controllerHost: pinecone.url });
    await expect(wrong.erase('user-a')).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(await wrong.isUp()).toBe(false);
    pinecone.failWith = 503;
    await expect(store.erase('user-a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.isUp()).toBe(false);
    pinecone.failWith = null;
    await expect(store.erase('user-a')).resolves.toBeUndefined();
    await expect(wrong.erase('user-a')).rejects.toBeInstanceOf(Problem);
  });
});
