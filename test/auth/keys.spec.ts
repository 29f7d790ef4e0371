import { randomBytes } from 'node:crypto';
import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';

let app: TestApp;
let owner: TestUser;

beforeAll(async () => {
  app = await TestApp.start();
  owner = await app.user();
});
afterAll(() => app.stop());

describe('prelogin', () => {
  test('gives the same salt for an address every time, whether or not it has an account', async () => {
    const ask = async (email: string) =>
      (await app.call('get', `/auth/prelogin?email=${encodeURIComponent(email)}`).expect(200)).body;
    const known = await ask(owner.email);
    const unknown = await ask('nobody@example.org');
    expect(await ask(owner.email.toUpperCase())).toEqual(known);
    expect(await ask('nobody@example.org')).toEqual(unknown);
    expect(unknown.salt).not.toBe(known.salt);
    expect(Buffer.from(known.salt, 'base64')).toHaveLength(16);
    expect([known.kdf, unknown.kdf]).toEqual([
      { alg: 'argon2id', m: 65_536, t: 3, p: 1 },
      { alg: 'argon2id', m: 65_536, t: 3, p: 1 },
    ]);
  });

  test.each(['', '?email=', '?email=nobody', '?email=a@b.c&x=1', '?email=a@example.org&email=b@example.org'])(
    'refuses %s',
    async (query) => {
      await app.call('get', `/auth/prelogin${query}`).expect(400);
    },
  );

  test('is limited by address', async () => {
    const strict = await TestApp.start({ AUTH_LIMIT_PER_ADDRESS: '3' });
    for (let i = 0; i < 3; i += 1) await strict.call('get', '/auth/prelogin?email=a@example.org').expect(200);
    const refused = await strict.call('get', '/auth/prelogin?email=b@example.org').expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await strict.stop();
  });
});

describe('the keyring', () => {
  const bytes = (fill: number) => Buffer.alloc(100, fill).toString('base64');
  const put = (user: TestUser, keyring: string, headers: Record<string, string> = {}) =>
    app.call('put', '/auth/keyring', user).set(headers).send({ keyring });

  test('is kept with a version that every replacement must name', async () => {
    const user = await app.user();
    await app.call('get', '/auth/keyring', user).expect(404);
    expect((await put(user, bytes(1)).expect(200)).body).toEqual({ keyring: bytes(1), version: 1 });
    expect((await put(user, bytes(2)).expect(428)).body.code).toBe('precondition_required');
    await put(user, bytes(2), { 'If-None-Match': '*' }).expect(412);
    const second = await put(user, bytes(2), { 'If-Match': '"1"' }).expect(200);
    expect([second.body.version, second.headers['etag']]).toEqual([2, '"2"']);
    expect((await put(user, bytes(3), { 'If-Match': '"1"' }).expect(412)).body.code).toBe('precondition_failed');
    for (const broken of ['"2', '2"', 'W/"2']) await put(user, bytes(3), { 'If-Match': broken }).expect(412);
    expect((await put(user, bytes(3), { 'If-Match': '2' }).expect(200)).body.version).toBe(3);
    const read = await app.call('get', '/auth/keyring', user).expect(200);
    expect([read.body, read.headers['etag']]).toEqual([{ keyring: bytes(3), version: 3 }, '"3"']);
  });

  test('is replaced by one of twenty writers at once', async () => {
    const user = await app.user();
    await put(user, bytes(0)).expect(200);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => put(user, bytes(i), { 'If-Match': '"1"' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  test.each([
    ['nothing', {}],
    ['no base64', { keyring: 'abc_' }],
    ['an empty one', { keyring: '' }],
    ['more than 64 KiB', { keyring: Buffer.alloc(65_537).toString('base64') }],
    ['an object', { keyring: {} }],
    ['an unknown field', { keyring: 'AAAA', x: 1 }],
  ])('refuses %s', async (_name, body) => {
    await app.call('put', '/auth/keyring', owner).send(body).expect(400);
  });

  test('of exactly 64 KiB is taken, and belongs to its user alone', async () => {
    const user = await app.user();
    await put(user, Buffer.alloc(65_536, 7).toString('base64')).expect(200);
    await app.call('get', '/auth/keyring', await app.user()).expect(404);
    await app.call('get', '/auth/keyring').expect(401);
  });
});

describe('devices', () => {
  const device = (name = 'Laptop') => ({ name, public_key: randomBytes(32).toString('base64') });

  test('are registered, listed and revoked', async () => {
    const user = await app.user();
    const laptop = { ...device('Änne’s laptop'), signature: randomBytes(64).toString('base64') };
    const made = await app.call('post', '/devices', user).send(laptop).expect(200);
    expect(made.body).toEqual({ id: expect.any(String), ...laptop, created_at: expect.any(Number) });
    const phone = await app.call('post', '/devices', user).send(device('Phone')).expect(200);
    expect(phone.body.signature).toBeNull();
    expect((await app.call('get', '/devices', user).expect(200)).body).toEqual([made.body, phone.body]);
    expect((await app.call('delete', `/devices/${made.body.id}`, user).expect(200)).body).toEqual({ ok: true });
    await app.call('delete', `/devices/${made.body.id}`, user).expect(404);
    expect((await app.call('get', '/devices', user).expect(200)).body).toEqual([phone.body]);
  });

  test('need no signature, absent or null', async () => {
    const { body } = await app
      .call('post', '/devices', owner)
      .send({ ...device(), signature: null })
      .expect(200);
    expect(body.signature).toBeNull();
    await app
      .call('post', '/devices', owner)
      .send({ ...device(), signature: '' })
      .expect(400);
  });

  test('of another user are not there', async () => {
    const { body } = await app.call('post', '/devices', owner).send(device()).expect(200);
    const other = await app.user();
    await app.call('delete', `/devices/${body.id}`, other).expect(404);
    await app.call('delete', '/devices/not-an-id', other).expect(404);
    expect((await app.call('get', '/devices', other).expect(200)).body).toEqual([]);
  });

  test('with the same key twice are a conflict, for one user only', async () => {
    const one = device();
    await app.call('post', '/devices', owner).send(one).expect(200);
    expect((await app.call('post', '/devices', owner).send(one).expect(409)).body.code).toBe('conflict');
    await app
      .call('post', '/devices', await app.user())
      .send(one)
      .expect(200);
  });

  test.each([
    ['no name', { public_key: randomBytes(32).toString('base64') }],
    ['an empty name', { ...device(), name: '' }],
    ['a short key', { ...device(), public_key: 'AAAA' }],
    ['a key that is no base64', { ...device(), public_key: 'x'.repeat(43) }],
    ['an unknown field', { ...device(), owner: 'me' }],
  ])('are refused with %s', async (_name, body) => {
    await app.call('post', '/devices', owner).send(body).expect(400);
  });

  test('keep their names sealed in the database', async () => {
    const name = `canary-${randomBytes(6).toString('hex')}`;
    await app.call('post', '/devices', owner).send(device(name)).expect(200);
    const rows = await app.nest.get(Database).query<{ name: Buffer }>('SELECT name FROM devices');
    expect(rows.some((row) => row.name.includes(name))).toBe(false);
  });
});
