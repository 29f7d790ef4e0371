import { Database, PubSub, ReadThroughCache } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';

describe('an event of a transaction', () => {
  let node: TestApp;
  let other: TestApp;
  const received: { node: string; n: unknown }[] = [];

  beforeAll(async () => {
    node = await TestApp.start();
    other = await TestApp.start({}, node);
    for (const [name, app] of Object.entries({ node, other }))
      app.nest.get(PubSub).subscribe('test.event', ({ n }) => received.push({ node: name, n }));
  });
  afterAll(async () => {
    await other.stop();
    await node.stop();
  });
  beforeEach(() => received.splice(0));

  const on = (name: string) => received.filter((event) => event.node === name).map(({ n }) => n);

  it('reaches listeners of its process before the caller goes on, and each listener once', async () => {
    const [pubSub, database] = [node.nest.get(PubSub), node.nest.get(Database)];
    for (let n = 0; n < 20; n += 1) {
      await database.transaction((tx) => pubSub.publishInTransaction(tx, 'test.event', { n }));
      expect(on('node')).toHaveLength(n + 1);
    }
    other.nest.get(PubSub).publish('test.event', { n: 20 });
    const all = Array.from({ length: 21 }, (_, n) => n);
    await eventually(() => on('other').length === 21 && on('node').length === 21);
    expect(new Set(on('node'))).toEqual(new Set(all));
    expect(new Set(on('other'))).toEqual(new Set(all));
  });

  it('reaches them only after the commit where several transactions are one', async () => {
    const [pubSub, database] = [node.nest.get(PubSub), node.nest.get(Database)];
    await database.transactionWith(
      async () => {
        await database.transaction((tx) => pubSub.publishInTransaction(tx, 'test.event', { n: 1 }));
        expect(on('node')).toEqual([]);
      },
      (tx) => pubSub.publishInTransaction(tx, 'test.event', { n: 2 }),
    );
    expect(on('node')).toEqual([1, 2]);
  });

  it('reaches the listeners of all processes when a function of the database notifies', async () => {
    const frame = JSON.stringify([{ topic: 'test.event', data: { n: 'database' } }]);
    await node.nest.get(Database).query(`SELECT pg_notify('adiuva_signals', $1)`, [frame]);
    await eventually(() => on('node').includes('database') && on('other').includes('database'));
  });

  it('reaches no listener when it is rolled back', async () => {
    const [pubSub, database] = [node.nest.get(PubSub), node.nest.get(Database)];
    const undone = database.transaction(async (tx) => {
      await pubSub.publishInTransaction(tx, 'test.event', { n: 'undone' });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    await database.transaction((tx) => pubSub.publishInTransaction(tx, 'test.event', { n: 'done' }));
    await eventually(() => on('other').includes('done'));
    expect([...on('node'), ...on('other')]).not.toContain('undone');
  });

  it('reaches the other listeners when one of them throws', async () => {
    const [pubSub, database] = [node.nest.get(PubSub), node.nest.get(Database)];
    const end = pubSub.subscribe('test.event', () => {
      throw new Error('a fault of a listener');
    });
    pubSub.subscribe('test.event', ({ n }) => received.push({ node: 'last', n }));
    await database.transaction((tx) => pubSub.publishInTransaction(tx, 'test.event', { n: 3 }));
    end();
    expect(on('last')).toEqual([3]);
  });
});

describe('a read-through cache', () => {
  function cacheOf() {
    const pending: ((value: { v: number }) => void)[] = [];
    const cache = new ReadThroughCache<{ v: number }>({
      maxEntries: 2,
      ttlMs: 60_000,
      read: () => new Promise((resolve) => pending.push(resolve)),
    });
    return { cache, pending };
  }

  it('shares a read among those who ask meanwhile', async () => {
    const { cache, pending } = cacheOf();
    const both = [cache.get('a'), cache.get('a')];
    pending[0]?.({ v: 1 });
    expect(await Promise.all(both)).toEqual([{ v: 1 }, { v: 1 }]);
    expect(await cache.get('a')).toEqual({ v: 1 });
    expect(pending).toHaveLength(1);
  });

  it('keeps nothing of a read that a change has overtaken, and shares it with no later caller', async () => {
    const { cache, pending } = cacheOf();
    const before = cache.get('a');
    cache.delete('a');
    const after = cache.get('a');
    pending[1]?.({ v: 2 });
    expect(await after).toEqual({ v: 2 });
    pending[0]?.({ v: 1 });
    expect(await before).toEqual({ v: 1 });
    expect(await cache.get('a')).toEqual({ v: 2 });
  });

  it('reads an entry again before it ends, without a wait, and never answers an older one', async () => {
    let now = 1_000;
    let reads = 0;
    const read = async () => ({ v: (reads += 1) });
    const cache = new ReadThroughCache<{ v: number }>({ maxEntries: 2, ttlMs: 900, read, now: () => now });
    expect(await cache.get('a')).toEqual({ v: 1 });
    now += 500;
    expect(await cache.get('a')).toEqual({ v: 1 });
    expect(reads).toBe(1);
    now += 200;
    expect(await cache.get('a')).toEqual({ v: 1 });
    await eventually(async () => (await cache.get('a')).v === 2);
    now += 901;
    expect(await cache.get('a')).toEqual({ v: 3 });
  });

  it('keeps no failure', async () => {
    let reads = 0;
    const cache = new ReadThroughCache<object>({
      maxEntries: 2,
      ttlMs: 1_000,
      read: async () => {
        reads += 1;
        throw new Error(`failure ${reads}`);
      },
    });
    await expect(cache.get('a')).rejects.toThrow('failure 1');
    await expect(cache.get('a')).rejects.toThrow('failure 2');
  });
});
