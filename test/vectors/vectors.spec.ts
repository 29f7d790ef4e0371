import { addAccounts, openVectors, FORM, item, sketchAt, sketched, someone } from '../support/builders/vectors';
import { startScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import type { Principal } from '@adiuva/kernel';

let scratch: ScratchDatabase;
let services: ReturnType<typeof openVectors>;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  await addAccounts(scratch.database);
  services = openVectors(scratch.database);
});
afterAll(() => scratch.stop());

const SKETCH = { mode: 'sketch', epoch: 1, form: FORM, wrappedKeys: null } as const;

async function withNotes(owner = someone()): Promise<Principal> {
  await services.collections.put(owner, 'notes', SKETCH, false);
  return owner;
}

async function find(owner: Principal, degrees = 0, epoch = 1, topK = 10): Promise<string[]> {
  const query = { collection: 'notes', blob: null, sketches: [{ epoch, data: sketchAt(degrees) }], topK };
  return (await services.search.search(owner, query)).map(({ id }) => id);
}

async function vectorsOf(owner: Principal) {
  return (await services.quota.usage(owner)).vectors;
}

describe('a sketch collection', () => {
  test('gives back the sealed items nearest to a query', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('far', 80), sketched('near', 10)]);
    const query = { collection: 'notes', blob: null, sketches: [{ epoch: 1, data: sketchAt(0) }], topK: 10 };
    const hits = await services.search.search(owner, query);
    expect(hits.map(({ id, epoch, blob }) => [id, epoch, blob.toString()])).toEqual([
      ['near', 1, 'sealed near'],
      ['far', 1, 'sealed far'],
    ]);
    expect(hits[0]?.score).toBeCloseTo(Math.cos(Math.PI / 18), 2);
  });

  test("is another user's nothing: not found, not searched, not deleted, not in the feed", async () => {
    const owner = await withNotes();
    const other = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    expect(await find(other)).toEqual([]);
    expect(await services.vectors.delete(other, 'notes', ['a'])).toBe(0);
    expect((await services.feed.after(other, 'notes', undefined, 10)).changes).toEqual([]);
    const stranger = someone();
    await expect(find(stranger)).rejects.toMatchObject({ code: 'not_found' });
    await expect(services.feed.after(stranger, 'notes', undefined, 10)).rejects.toMatchObject({ code: 'not_found' });
    await expect(services.vectors.delete(stranger, 'notes', ['a'])).rejects.toMatchObject({ code: 'not_found' });
    expect(await find(owner)).toEqual(['a']);
  });

  test.each([
    ['no sketch', item('a', { collection: 'notes' }), 'validation_failed'],
    [
      'another model',
      item('a', { collection: 'notes', sketch: { ...FORM, model: 'n', epoch: 1, data: sketchAt(0) } }),
      'validation_failed',
    ],
    [
      'another dimension',
      item('a', { collection: 'notes', sketch: { ...FORM, dim: 4, epoch: 1, data: Buffer.alloc(8) } }),
      'validation_failed',
    ],
    [
      'too few bytes',
      item('a', { collection: 'notes', sketch: { ...FORM, epoch: 1, data: Buffer.alloc(15) } }),
      'validation_failed',
    ],
    [
      'a number that is not finite',
      item('a', { collection: 'notes', sketch: { ...FORM, epoch: 1, data: Buffer.alloc(16, 0x7e) } }),
      'validation_failed',
    ],
    [
      'more length than beta allows',
      item('a', { collection: 'notes', sketch: { ...FORM, epoch: 1, data: sketchAt(0, 1.26) } }),
      'validation_failed',
    ],
    ['another epoch', sketched('a', 0, 2), 'conflict'],
    ['an unknown collection', sketched('a', 0, 1, 'mail'), 'not_found'],
    ['a wrong checksum', { ...sketched('a', 0), checksum: Buffer.alloc(32) }, 'checksum_mismatch'],
  ])('refuses an item with %s and keeps nothing of its batch', async (_name, bad, code) => {
    const owner = await withNotes();
    await expect(services.vectors.upsert(owner, [sketched('good', 0), bad])).rejects.toMatchObject({ code });
    expect(await find(owner)).toEqual([]);
    expect(await vectorsOf(owner)).toEqual({ bytes: 0, count: 0 });
  });

  test('refuses a batch that looks unencrypted, but not twenty blurred items or nineteen plain ones', async () => {
    const owner = await withNotes();
    const batch = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) =>
        item(`v${i}`, { collection: 'notes', sketch: { ...FORM, epoch: 1, data: sketchAt(i, length) } }),
      );
    await expect(services.vectors.upsert(owner, batch(20, 1))).rejects.toMatchObject({ code: 'plaintext_vectors' });
    await expect(services.vectors.upsert(owner, batch(19, 1))).resolves.toBe(19);
    await expect(services.vectors.upsert(owner, batch(20, 1.01))).resolves.toBe(20);
    await expect(services.vectors.upsert(owner, [...batch(20, 1.01), ...batch(40, 1).slice(20)])).resolves.toBe(40);
  });

  test('searches both epochs while its keys change, and drops the sketches of the one before', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0), sketched('b', 10)]);
    await services.collections.put(owner, 'notes', { ...SKETCH, epoch: 2 }, false);
    await expect(services.vectors.upsert(owner, [sketched('a', 0, 1)])).rejects.toMatchObject({ code: 'conflict' });
    await services.vectors.upsert(owner, [sketched('a', 40, 2)]);
    expect(await find(owner, 0, 1)).toEqual(['b']);
    expect(await find(owner, 0, 2)).toEqual(['a']);
    const both = [
      { epoch: 2, data: sketchAt(0) },
      { epoch: 1, data: sketchAt(0) },
    ];
    const hits = await services.search.search(owner, { collection: 'notes', blob: null, sketches: both, topK: 10 });
    expect(hits.map(({ id }) => id)).toEqual(['b', 'a']);
    const before = await vectorsOf(owner);
    await services.collections.put(owner, 'notes', { ...SKETCH, epoch: 3 }, false);
    await expect(find(owner, 0, 1)).rejects.toMatchObject({ code: 'conflict' });
    expect(await find(owner, 0, 2)).toEqual(['a']);
    expect(await vectorsOf(owner)).toEqual({ bytes: before.bytes - 16, count: 2 });
    await expect(services.collections.put(owner, 'notes', SKETCH, false)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('cannot change what its sketches mean within an epoch', async () => {
    const owner = await withNotes();
    const other = { ...SKETCH, form: { ...FORM, beta: 2000 } };
    await expect(services.collections.put(owner, 'notes', other, false)).rejects.toMatchObject({ code: 'conflict' });
    await expect(services.collections.put(owner, 'notes', { ...other, epoch: 2 }, false)).resolves.toMatchObject({
      epoch: 2,
      previousEpoch: 1,
    });
  });

  test('made local again holds no sketch any more', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    await services.collections.put(owner, 'notes', { ...SKETCH, mode: 'local' }, false);
    await expect(find(owner)).rejects.toMatchObject({ code: 'conflict' });
    expect(await vectorsOf(owner)).toEqual({ bytes: 'sealed a'.length, count: 1 });
    await expect(services.vectors.upsert(owner, [sketched('a', 0)])).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  test('of one-bit sketches is searched by Hamming distance', async () => {
    const owner = someone();
    const form = { ...FORM, alg: 'ave1-bit', beta: 0 } as const;
    await services.collections.put(owner, 'bits', { ...SKETCH, form }, false);
    const bits = (id: string, byte: number) =>
      item(id, { collection: 'bits', sketch: { ...form, epoch: 1, data: Buffer.of(byte) } });
    await services.vectors.upsert(owner, [
      bits('same', 0b1010_1010),
      bits('one off', 0b1010_1011),
      bits('opposite', 0b0101_0101),
    ]);
    const query = { collection: 'bits', blob: null, sketches: [{ epoch: 1, data: Buffer.of(0b1010_1010) }], topK: 3 };
    const hits = await services.search.search(owner, query);
    expect(hits.map(({ id, score }) => [id, score])).toEqual([
      ['same', expect.closeTo(1, 5)],
      ['one off', expect.closeTo(0.75, 5)],
      ['opposite', expect.closeTo(-1, 5)],
    ]);
  });

  test('made twice at once by two devices keeps the keys of the first', async () => {
    const owner = someone();
    const puts = ['one', 'two'].map((keys) =>
      services.collections.put(owner, 'notes', { ...SKETCH, wrappedKeys: `"${keys}"` }, true),
    );
    const outcomes = await Promise.allSettled(puts);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the default collection', () => {
  const query = (bytes: string, topK = 10) => ({ collection: 'default', blob: Buffer.from(bytes), sketches: [], topK });

  test('without sketches is searched for identical bytes only', async () => {
    const owner = someone();
    await services.vectors.upsert(owner, [
      item('a', { bytes: 'same' }),
      item('b', { bytes: 'same' }),
      item('c', { bytes: 'other' }),
    ]);
    expect((await services.search.search(owner, query('same'))).map(({ id, score }) => [id, score])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(await services.search.search(owner, query('same', 1))).toHaveLength(1);
    expect(await services.search.search(owner, query('samf'))).toEqual([]);
    expect(await services.search.search(someone(), query('same'))).toEqual([]);
  });

  test('takes its settings from the first sketch that is sent to it', async () => {
    const owner = someone();
    await services.vectors.upsert(owner, [sketched('a', 0, 4, 'default'), item('b', { bytes: 'plain' })]);
    expect(await services.collections.get(owner, 'default')).toMatchObject({ mode: 'sketch', epoch: 4, form: FORM });
    const hits = await services.search.search(owner, {
      ...query('plain'),
      sketches: [{ epoch: 4, data: sketchAt(0) }],
    });
    expect(hits.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('what vectors cost', () => {
  test('is counted to the byte, through replacing, deleting and dropping', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0), sketched('b', 10), sketched('a', 20)]);
    expect(await vectorsOf(owner)).toEqual({ bytes: 2 * (8 + 16), count: 2 });
    await services.vectors.upsert(owner, [
      {
        ...sketched('a', 0),
        ...item('a', { bytes: 'longer than before' }),
        collection: 'notes',
        sketch: { ...FORM, epoch: 1, data: sketchAt(0) },
      },
    ]);
    expect(await vectorsOf(owner)).toEqual({ bytes: 18 + 16 + 8 + 16, count: 2 });
    expect(await services.vectors.delete(owner, 'notes', ['b', 'unknown'])).toBe(1);
    expect(await vectorsOf(owner)).toEqual({ bytes: 18 + 16, count: 1 });
    await services.collections.delete(owner, 'notes');
    expect(await vectorsOf(owner)).toEqual({ bytes: 0, count: 0 });
  });

  test('stays exact under writers at once', async () => {
    const owner = await withNotes();
    const batch = (n: number) => Array.from({ length: 10 }, (_, i) => sketched(`v${(n * 3 + i) % 25}`, i));
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        n % 4 === 3
          ? services.vectors.delete(owner, 'notes', [`v${n}`, 'v1'])
          : services.vectors.upsert(owner, batch(n)),
      ),
    );
    const rows = await scratch.database.query<{ bytes: string; count: string }>(
      `SELECT sum(octet_length(blob) + octet_length(sketch)) AS bytes, count(*) AS count FROM vector_items WHERE user_id = $1 AND NOT deleted`,
      [owner.userId],
    );
    expect(await vectorsOf(owner)).toEqual({ bytes: Number(rows[0]?.bytes), count: Number(rows[0]?.count) });
  });

  test('is not for the free tier, which may still read and delete what it has', async () => {
    const paid = await withNotes();
    await services.vectors.upsert(paid, [sketched('a', 0)]);
    const lapsed = { ...paid, tier: 'free' } as const;
    await expect(services.vectors.upsert(lapsed, [sketched('b', 0)])).rejects.toMatchObject({
      code: 'upgrade_required',
    });
    expect(await find(lapsed)).toEqual(['a']);
    expect(await services.vectors.delete(lapsed, 'notes', ['a'])).toBe(1);
    await expect(
      services.search.search(someone('free'), { collection: 'default', blob: Buffer.from('x'), sketches: [], topK: 1 }),
    ).rejects.toMatchObject({ code: 'upgrade_required' });
  });
});

describe('the change feed', () => {
  test('tells every item once, deletions too, in pages', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0), sketched('b', 0), sketched('c', 0)]);
    await services.vectors.upsert(owner, [sketched('b', 5)]);
    await services.vectors.delete(owner, 'notes', ['a']);
    const seen: [string, number, boolean, string | undefined][] = [];
    let cursor: string | undefined;
    for (let more = true; more;) {
      const page = await services.feed.after(owner, 'notes', cursor, 2);
      seen.push(
        ...page.changes.map(
          ({ id, version, deleted, blob }) =>
            [id, version, deleted, blob?.toString()] as [string, number, boolean, string | undefined],
        ),
      );
      ({ cursor, hasMore: more } = page);
    }
    expect(seen).toEqual([
      ['c', 1, false, 'sealed c'],
      ['b', 2, false, 'sealed b'],
      ['a', 2, true, undefined],
    ]);
    expect((await services.feed.after(owner, 'notes', cursor, 2)).changes).toEqual([]);
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    expect(
      (await services.feed.after(owner, 'notes', cursor, 2)).changes.map(({ id, version }) => [id, version]),
    ).toEqual([['a', 3]]);
  });

  test('goes on over a collection that was deleted and made again', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    const { cursor } = await services.feed.after(owner, 'notes', undefined, 10);
    await services.collections.delete(owner, 'notes');
    await expect(services.feed.after(owner, 'notes', cursor, 10)).rejects.toMatchObject({ code: 'not_found' });
    await services.collections.put(owner, 'notes', SKETCH, true);
    expect((await services.feed.after(owner, 'notes', cursor, 10)).changes).toMatchObject([{ id: 'a', deleted: true }]);
  });

  test('refuses a cursor from before forgotten deletions, but not a reader who begins again', async () => {
    const owner = await withNotes();
    await services.vectors.upsert(owner, [sketched('a', 0)]);
    const { cursor: old } = await services.feed.after(owner, 'notes', undefined, 1);
    await services.vectors.upsert(owner, [sketched('b', 0), sketched('c', 0)]);
    await services.vectors.delete(owner, 'notes', ['a']);
    await scratch.database.query(
      `UPDATE vector_items SET updated_at = now() - interval '91 days' WHERE user_id = $1 AND deleted`,
      [owner.userId],
    );
    await services.feed.purge();
    await expect(services.feed.after(owner, 'notes', old, 10)).rejects.toMatchObject({ code: 'cursor_expired' });
    const first = await services.feed.after(owner, 'notes', undefined, 1);
    const second = await services.feed.after(owner, 'notes', first.cursor, 5);
    expect([...first.changes, ...second.changes].map(({ id }) => id)).toEqual(['b', 'c']);
  });

  test.each(['x', '1::a', 'MTo', '../../etc', '1~a b'])('refuses the cursor %s', async (cursor) => {
    await expect(services.feed.after(await withNotes(), 'notes', cursor, 1)).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});
