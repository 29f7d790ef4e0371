import { generateKeyPairSync, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { PASSWORD, TestApp } from '../support/app';

const NEW_PASSWORD = 'a short walk in the woods';

interface Owner {
  readonly email: string;
  readonly refreshToken: string;
  readonly accessToken: string;
  readonly privateKey: KeyObject;
  readonly recoveryKey: string;
}

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

function newKey(): { privateKey: KeyObject; recoveryKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    recoveryKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64'),
  };
}

async function owner(server: TestApp = app): Promise<Owner> {
  const email = `recovery-${randomUUID()}@example.org`;
  const key = newKey();
  const { body } = await server
    .call('post', '/auth/register')
    .send({ email, password: PASSWORD, recovery_key: key.recoveryKey })
    .expect(201);
  const made = { email, ...key, accessToken: body.access_token, refreshToken: body.refresh_token };
  await server
    .call('put', '/auth/keyring', made)
    .send({ keyring: keyring(1) })
    .expect(200);
  return made;
}

const keyring = (fill: number) => Buffer.alloc(90, fill).toString('base64');
const recover = (body: object, server: TestApp = app) => server.call('post', '/auth/recover').send(body);

function signed(key: KeyObject, ...lines: readonly string[]): string {
  return sign(null, Buffer.from(['adiuva account recovery 1', ...lines, ''].join('\n')), key).toString('base64');
}

function resetBody({ email, privateKey }: Pick<Owner, 'email' | 'privateKey'>, challenge: string, rings = keyring(2)) {
  const digests = [checksumOf(Buffer.from(NEW_PASSWORD)), checksumOf(Buffer.from(rings, 'base64'))];
  const signature = signed(privateKey, 'reset', challenge, ...digests);
  return { email, challenge, signature, new_password: NEW_PASSWORD, keyring: rings };
}

async function challengeFor(email: string): Promise<string> {
  return (await recover({ email }).expect(200)).body.challenge;
}

describe('account recovery', () => {
  test('reads the keyring, sets a new secret and keyring, and ends all other sessions', async () => {
    const user = await owner();
    const challenge = await challengeFor(user.email);
    const read = { email: user.email, challenge, signature: signed(user.privateKey, 'read', challenge) };
    const found = (await recover(read).expect(200)).body;
    expect(found).toEqual({ user_id: expect.any(String), keyring: keyring(1) });
    const { body: tokens } = await recover(resetBody(user, challenge)).expect(200);
    const fresh = { accessToken: tokens.access_token };
    expect((await app.call('get', '/auth/keyring', fresh).expect(200)).body).toEqual({
      keyring: keyring(2),
      version: 2,
    });
    expect((await app.call('get', '/auth/sessions', fresh)).body).toHaveLength(1);
    await app.call('post', '/auth/refresh').send({ refresh_token: user.refreshToken }).expect(401);
    await app.call('post', '/auth/login').send({ email: user.email, password: PASSWORD }).expect(401);
    await app.call('post', '/auth/login').send({ email: user.email, password: NEW_PASSWORD }).expect(200);
  });

  test('a challenge is for one reset, and a reset ends those that were issued before it', async () => {
    const user = await owner();
    const [earlier, used] = [await challengeFor(user.email), await challengeFor(user.email)];
    await recover(resetBody(user, used)).expect(200);
    for (const challenge of [used, earlier]) {
      expect((await recover(resetBody(user, challenge)).expect(401)).body.code).toBe('invalid_credentials');
    }
    await recover(resetBody(user, await challengeFor(user.email))).expect(200);
  });

  test('one of several concurrent resets with one challenge succeeds', async () => {
    const user = await owner();
    const challenge = await challengeFor(user.email);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => recover(resetBody(user, challenge))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  test('refuses another key, another account, an altered challenge and content that was not signed', async () => {
    const [user, other] = [await owner(), await owner()];
    const challenge = await challengeFor(user.email);
    const good = resetBody(user, challenge);
    const refused = [
      resetBody({ ...user, privateKey: other.privateKey }, challenge),
      resetBody({ ...other, email: user.email }, challenge),
      resetBody(user, await challengeFor(other.email)),
      resetBody(user, randomBytes(38).toString('base64url')),
      { ...good, new_password: 'what the attacker wants' },
      { ...good, keyring: keyring(9) },
      { ...good, signature: signed(user.privateKey, 'read', challenge) },
    ];
    for (const body of refused) expect((await recover(body)).status).toBe(401);
    await recover(good).expect(200);
  });

  test('answers for an unknown address and for an account without words as for a wrong signature', async () => {
    const [user, plain] = [await owner(), await app.user()];
    const stranger = newKey();
    const answers = [];
    for (const email of [user.email, plain.email, `nobody-${randomUUID()}@example.org`]) {
      const begun = await recover({ email }).expect(200);
      const { challenge } = begun.body;
      const signature = signed(stranger.privateKey, 'read', challenge);
      const read = await recover({ email, challenge, signature });
      const reset = await recover(resetBody({ email, privateKey: stranger.privateKey }, challenge));
      const words = [read, reset].map(({ status, body }) => ({ status, code: body.code, detail: body.detail }));
      answers.push([Object.keys(begun.body), challenge.length, ...words]);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('is limited as sign-in is', async () => {
    const strict = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '3' });
    const user = await owner(strict);
    const { challenge } = (await recover({ email: user.email }, strict)).body;
    const signature = signed(newKey().privateKey, 'read', challenge);
    const statuses = [];
    for (let i = 0; i < 4; i += 1)
      statuses.push((await recover({ email: user.email, challenge, signature }, strict)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    await strict.stop();
  });

  test('refuses a weak secret and fields of different steps', async () => {
    const user = await owner();
    const challenge = await challengeFor(user.email);
    const good = resetBody(user, challenge);
    for (const body of [
      { ...good, new_password: 'password123' },
      { ...good, new_password: 'short' },
      { ...good, keyring: undefined },
      { ...good, signature: undefined },
      { ...good, signature: 'AAAA' },
      { email: user.email, challenge },
      { email: user.email, keyring: keyring(3) },
      { email: 'nobody' },
      {},
    ]) {
      expect((await recover(body)).status).toBe(400);
    }
  });
});

describe('the recovery key', () => {
  const put = (user: { accessToken: string }, body: object, headers: Record<string, string> = {}) =>
    app.call('put', '/auth/keyring', user).set(headers).send(body);

  test('is set with the first keyring of a sign-up, and replaced only with the password', async () => {
    const user = await app.user();
    const [first, second] = [newKey(), newKey()];
    await put(user, { keyring: keyring(1), recovery_key: first.recoveryKey }).expect(200);
    const replacement = { keyring: keyring(2), recovery_key: second.recoveryKey };
    const tag = { 'If-Match': '"1"' };
    expect((await put(user, replacement, tag).expect(400)).body.errors[0].field).toBe('password');
    await put(user, { ...replacement, password: 'not the password' }, tag).expect(401);
    await put(user, { ...replacement, password: PASSWORD }, tag).expect(200);
    for (const [key, status] of [
      [first, 401],
      [second, 200],
    ] as const) {
      const challenge = await challengeFor(user.email);
      const signature = signed(key.privateKey, 'read', challenge);
      await recover({ email: user.email, challenge, signature }).expect(status);
    }
  });

  test('tells in prelogin that the secret is derived; a plain password says so, too', async () => {
    const [derived, plain] = [await owner(), await app.user()];
    const kind = async (email: string) =>
      (await app.call('get', `/auth/prelogin?email=${encodeURIComponent(email)}`)).body.kind;
    expect([await kind(derived.email), await kind(plain.email)]).toEqual(['derived', 'plain']);
    const strangers = await Promise.all(Array.from({ length: 40 }, (_, i) => kind(`stranger-${i}@example.org`)));
    expect(new Set(strangers)).toEqual(new Set(['derived', 'plain']));
    expect(await kind('stranger-0@example.org')).toBe(strangers[0]);
  });

  test('has 32 bytes', async () => {
    const recovery_key = randomBytes(31).toString('base64');
    await app
      .call('post', '/auth/register')
      .send({ email: 'a@example.org', password: PASSWORD, recovery_key })
      .expect(400);
    await put(await app.user(), { keyring: keyring(1), recovery_key }).expect(400);
  });
});
