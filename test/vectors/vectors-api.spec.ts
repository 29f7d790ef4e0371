import { createHash, randomBytes } from 'node:crypto';
import { TestApp, type TestUser } from '../support/app';
import { FORM, sketchAt } from '../support/builders/vectors';

let app: TestApp;
let owner: TestUser;

beforeAll(async () => {
  app = await TestApp.start();
  owner = await app.user('pro');
});
afterAll(() => app.stop());

const SETTINGS = { mode: 'sketch', ...FORM, epoch: 1 };

function item(id: string, change: Record<string, unknown> = {}) {
  const blob = randomBytes(40);
  return { id, blob: blob.toString('base64'), checksum: createHash('sha256').update(blob).digest('hex'), ...change };
}

function sketched(id: string, degrees: number, length?: number) {
  const sketch = { v: 1, ...FORM, epoch: 1, data: sketchAt(degrees, length).toString('base64') };
  return item(id, { collection: 'notes', sketch });
}

function upsert(user: TestUser, vectors: unknown[]) {
  return app.call('post', '/storage/vectors/upsert', user).send({ vectors });
}

function search(user: TestUser, body: Record<string, unknown>) {
  return app.call('post', '/storage/vectors/search', user).send(body);
}

describe('the vector routes', () => {
  test('store, find, list and delete sketches in a collection', async () => {
    const made = await app
      .call('put', '/storage/vectors/collections/notes', owner)
      .send({ ...SETTINGS, wrapped_keys: [{ epoch: 1, wrap: 'AAAA' }] })
      .expect(200);
    expect(made.body).toMatchObject({
      name: 'notes',
      ...SETTINGS,
      previous_epoch: null,
      wrapped_keys: [{ epoch: 1, wrap: 'AAAA' }],
    });
    expect((await app.call('get', '/storage/vectors/collections', owner).expect(200)).body).toEqual([made.body]);
    const [near, far] = [sketched('near', 10), sketched('far', 70)];
    expect((await upsert(owner, [far, near]).expect(200)).body).toEqual({ upserted: 2 });
    const sketches = [{ epoch: 1, data: sketchAt(0).toString('base64') }];
    const found = await search(owner, { sketches, collection: 'notes', top_k: 5 }).expect(200);
    expect(found.body.results).toEqual([
      { id: 'near', score: expect.closeTo(0.985, 2), blob: near.blob, epoch: 1 },
      { id: 'far', score: expect.closeTo(0.342, 2), blob: far.blob, epoch: 1 },
    ]);
    const changes = await app.call('get', '/storage/vectors/changes?collection=notes&limit=1', owner).expect(200);
    expect(changes.body).toMatchObject({
      changes: [
        {
          id: 'far',
          collection: 'notes',
          version: 1,
          deleted: false,
          checksum: far.checksum,
          blob: far.blob,
          epoch: 1,
        },
      ],
      has_more: true,
    });
    const gone = await app
      .call('delete', '/storage/vectors', owner)
      .send({ ids: ['near', 'unknown'], collection: 'notes' })
      .expect(200);
    expect(gone.body).toEqual({ ok: true, deleted: 1 });
    const rest = await app
      .call('get', `/storage/vectors/changes?collection=notes&cursor=${changes.body.cursor}`, owner)
      .expect(200);
    expect(rest.body).toMatchObject({
      changes: [{ id: 'near', deleted: true, checksum: null, blob: null, version: 2 }],
      has_more: false,
    });
    expect((await app.call('delete', '/storage/vectors/collections/notes', owner).expect(200)).body).toEqual({
      ok: true,
    });
    await app.call('get', '/storage/vectors/collections/notes', owner).expect(404);
  });

  test('serve the plain form: an item is found by its own bytes', async () => {
    const user = await app.user('power');
    const stored = item('note:1');
    await upsert(user, [stored, item('note:2')]).expect(200);
    expect((await search(user, { query_blob: stored.blob }).expect(200)).body).toEqual({
      results: [{ id: 'note:1', score: 1, blob: stored.blob, epoch: 1 }],
    });
    expect((await search(user, { query_blob: randomBytes(40).toString('base64') }).expect(200)).body).toEqual({
      results: [],
    });
    expect((await app.call('get', '/storage/vectors/changes', user).expect(200)).body.changes).toHaveLength(2);
  });

  test('refuse a batch of plain embeddings', async () => {
    const user = await app.user('pro');
    await app.call('put', '/storage/vectors/collections/notes', user).send(SETTINGS).expect(200);
    const refused = await upsert(
      user,
      Array.from({ length: 20 }, (_, i) => sketched(`v${i}`, i, 1)),
    ).expect(400);
    expect(refused.body.code).toBe('plaintext_vectors');
    await upsert(
      user,
      Array.from({ length: 20 }, (_, i) => sketched(`v${i}`, i)),
    ).expect(200);
  });

  test('are closed to the free tier and to nobody signed in', async () => {
    const free = await app.user('free');
    for (const response of [
      await upsert(free, [item('a')]),
      await search(free, { query_blob: 'AAAA' }),
      await app.call('get', '/storage/vectors/changes', free),
      await app.call('put', '/storage/vectors/collections/notes', free).send({ mode: 'local' }),
    ]) {
      expect([response.status, response.body.code, response.body.required_tier]).toEqual([
        402,
        'upgrade_required',
        'pro',
      ]);
    }
    await app.call('get', '/storage/vectors/collections').expect(401);
  });

  const sketch = { v: 1, ...FORM, epoch: 1, data: sketchAt(0).toString('base64') };
  test.each<[string, unknown]>([
    ['no vectors', { vectors: [] }],
    ['vectors that are no list', { vectors: 'x' }],
    ['a vector that is no object', { vectors: [null] }],
    ['a vector that is a list', { vectors: [[]] }],
    ['1,001 vectors', { vectors: Array.from({ length: 1001 }, (_, i) => item(`v${i}`)) }],
    ['an unknown field', { vectors: [item('a', { extra: 1 })] }],
    ['an id with a slash', { vectors: [item('a/b')] }],
    ['an id that is too long', { vectors: [item('a'.repeat(129))] }],
    ['a blob that is no base64', { vectors: [item('a', { blob: 'A-_=' })] }],
    ['a blob that is too large', { vectors: [item('a', { blob: Buffer.alloc(65_537).toString('base64') })] }],
    ['a checksum in capitals', { vectors: [item('a', { checksum: 'A'.repeat(64) })] }],
    ['a wrong checksum', { vectors: [item('a', { checksum: 'a'.repeat(64) })] }],
    ['a collection with a bad name', { vectors: [item('a', { collection: '../x' })] }],
    ['a sketch of another version', { vectors: [item('a', { sketch: { ...sketch, v: 2 } })] }],
    ['a sketch of an unknown algorithm', { vectors: [item('a', { sketch: { ...sketch, alg: 'plain' } })] }],
    ['a sketch of too few bytes', { vectors: [item('a', { sketch: { ...sketch, data: 'AAAA' } })] }],
    ['a sketch of no dimensions', { vectors: [item('a', { sketch: { ...sketch, dim: 0 } })] }],
    ['a sketch that is text', { vectors: [item('a', { sketch: 'x' })] }],
    ['a sketch that is a list', { vectors: [item('a', { sketch: [] })] }],
    ['a vector beside text', { vectors: [item('a'), 'x'] }],
    ['an epoch that is a fraction', { vectors: [item('a', { epoch: 1.5 })] }],
    [
      'a sketch that is not finite',
      { vectors: [item('a', { sketch: { ...sketch, data: Buffer.alloc(16, 0x7c).toString('base64') } })] },
    ],
  ])('refuse %s', async (_name, body) => {
    const response = await app.call('post', '/storage/vectors/upsert', owner).send(body as object);
    expect([response.status, response.headers['content-type']]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  test.each([
    ['nothing to search by', {}],
    ['no results', { query_blob: 'AAAA', top_k: 0 }],
    ['201 results', { query_blob: 'AAAA', top_k: 201 }],
    ['half a result', { query_blob: 'AAAA', top_k: 1.5 }],
    ['a list as blob', { query_blob: [] }],
    ['sketches that are nothing', { sketches: [null] }],
    ['sketches that are numbers', { sketches: [1] }],
    ['sketches that are lists', { sketches: [[]] }],
    ['three epochs', { sketches: [1, 2, 3].map((epoch) => ({ epoch, data: 'AAAA' })) }],
  ])('refuse a search with %s', async (_name, body) => {
    expect((await search(owner, body)).status).toBe(400);
  });

  test.each([
    ['no mode', {}],
    ['an unknown mode', { mode: 'open' }],
    ['a sketch without its form', { mode: 'sketch' }],
    ['too many dimensions', { ...SETTINGS, dim: 4097 }],
    ['a beta that is not in thousandths', { ...SETTINGS, beta: 1.5 }],
    ['a model with a line break', { ...SETTINGS, model: 'a\nb' }],
    ['keys that are too long', { mode: 'local', wrapped_keys: 'x'.repeat(65_537) }],
  ])('refuse a collection with %s', async (_name, body) => {
    expect((await app.call('put', '/storage/vectors/collections/bad', owner).send(body)).status).toBe(400);
  });

  test('keep wrapped keys as they came, whatever their members are called', async () => {
    const wrapped_keys = { toString: 'a', hasOwnProperty: [1], length: null, deep: { valueOf: { then: 'b' } } };
    const path = '/storage/vectors/collections/odd';
    const made = await app.call('put', path, owner).send({ mode: 'local', wrapped_keys }).expect(200);
    expect(made.body.wrapped_keys).toEqual(wrapped_keys);
    expect((await app.call('get', path, owner).expect(200)).body.wrapped_keys).toEqual(wrapped_keys);
  });

  test('answer 404 for what is not there and 409 for what the client searches', async () => {
    await app.call('get', '/storage/vectors/changes?collection=nowhere', owner).expect(404);
    await app.call('delete', '/storage/vectors/collections/nowhere', owner).expect(404);
    await search(owner, { collection: 'nowhere', query_blob: 'AAAA' }).expect(404);
    await app.call('put', '/storage/vectors/collections/mine', owner).send({ mode: 'local' }).expect(200);
    const refused = await search(owner, { collection: 'mine', sketches: [{ epoch: 1, data: 'AAAA' }] }).expect(409);
    expect(refused.body.code).toBe('conflict');
    await app
      .call('put', '/storage/vectors/collections/mine', owner)
      .set('If-None-Match', '*')
      .send({ mode: 'local' })
      .expect(412);
  });

  test('say in the readiness check that the index is up', async () => {
    expect((await app.call('get', '/health/ready')).body.checks.vectors).toBe('up');
  });
});

describe('two users', () => {
  test('with the same collection and ids never meet', async () => {
    const [mine, theirs] = [await app.user('pro'), await app.user('team')];
    for (const user of [mine, theirs])
      await app.call('put', '/storage/vectors/collections/notes', user).send(SETTINGS).expect(200);
    await upsert(mine, [sketched('a', 0), sketched('b', 5)]).expect(200);
    await upsert(theirs, [sketched('a', 80)]).expect(200);
    const sketches = [{ epoch: 1, data: sketchAt(0).toString('base64') }];
    const found = await search(theirs, { sketches, collection: 'notes', top_k: 200 }).expect(200);
    expect(found.body.results.map(({ id, score }: { id: string; score: number }) => [id, score])).toEqual([
      ['a', expect.closeTo(0.17, 1)],
    ]);
    expect(
      (
        await app
          .call('delete', '/storage/vectors', theirs)
          .send({ ids: ['b'], collection: 'notes' })
          .expect(200)
      ).body.deleted,
    ).toBe(0);
    expect((await search(mine, { sketches, collection: 'notes' }).expect(200)).body.results).toHaveLength(2);
  });
});
