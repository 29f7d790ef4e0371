import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, sign } from 'jsonwebtoken';
import { TestApp, type TestUser } from '../support/app';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  let app: TestApp;
  let user: TestUser;
  let secret: string;
  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.user();
    secret = readFileSync(join(app.dataDir, 'secrets', 'jwt-secret'), 'utf8');
  });
  afterAll(() => app.stop());

  const claims = (): Record<string, unknown> => ({ ...(decode(user.accessToken) as object) });
  const kid = () => decode(user.accessToken, { complete: true })?.header.kid ?? '';
  const forged: readonly [string, () => string][] = [
    ['no signature', () => `${part({ alg: 'none', kid: kid() })}.${part(claims())}.`],
    ['another secret', () => sign(claims(), 'x'.repeat(64), { keyid: kid() })],
    ['another algorithm', () => sign(claims(), secret, { keyid: kid(), algorithm: 'HS512' })],
    ['a foreign kid', () => sign(claims(), secret, { keyid: 'another' })],
    ['no kid', () => sign(claims(), secret)],
    ['a key inside', () => withOwnKey(claims())],
    ['another audience', () => sign({ ...claims(), aud: 'somebody' }, secret, { keyid: kid() })],
    ['another issuer', () => sign({ ...claims(), iss: 'somebody' }, secret, { keyid: kid() })],
    [
      'an end in the past',
      () => sign({ ...claims(), exp: Math.floor(Date.now() / 1000) - 120 }, secret, { keyid: kid() }),
    ],
    ['no end', () => sign(without(claims(), 'exp'), secret, { keyid: kid() })],
    ['a session of nobody', () => sign({ ...claims(), sid: randomUUID() }, secret, { keyid: kid() })],
    ['another user', () => sign({ ...claims(), sub: randomUUID() }, secret, { keyid: kid() })],
    ['one changed byte', () => `${user.accessToken.slice(0, -2)}${user.accessToken.endsWith('A') ? 'B' : 'A'}x`],
    ['the refresh token', () => user.refreshToken],
    ['a payload that is no JSON', () => `${part({ alg: 'HS256', typ: 'JWT', kid: kid() })}.Z2FyYmFnZQ.AAAA`],
    ['a header that is no JSON', () => 'Z2FyYmFnZQ.Z2FyYmFnZQ.AAAA'],
    ['words', () => 'not a token'],
  ];

  it('open the door', () => app.call('get', '/auth/me', user).expect(200));

  it.each(forged)('with %s are refused', async (_, make) => {
    const { body, headers } = await app.call('get', '/auth/me', { accessToken: make() }).expect(401);
    expect(body.code).toBe('unauthenticated');
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(forged)('with %s open no socket', async (_, make) => {
    await expect(app.socket(make())).rejects.toMatchObject({ data: { status: 401, code: 'unauthenticated' } });
  });

  it('say no more than who, which session and until when', () => {
    expect(Object.keys(claims()).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
  });
});

describe('asymmetric access tokens', () => {
  it.each(['RS256', 'ES256'] as const)('of %s can be verified with the published key', async (algorithm) => {
    const { privateKey } =
      algorithm === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const app = await TestApp.start({ JWT_ALGORITHM: algorithm, JWT_PRIVATE_KEY: pem });
    try {
      const user = await app.user();
      await app.call('get', '/auth/me', user).expect(200);
      const { body } = await app.call('get', '/auth/.well-known/jwks.json').expect(200);
      expect(body.keys).toEqual([
        expect.objectContaining({
          alg: algorithm,
          use: 'sig',
          kid: decode(user.accessToken, { complete: true })?.header.kid,
        }),
      ]);
      expect(body.keys[0].d).toBeUndefined();
      const confused = sign({ ...(decode(user.accessToken) as object) }, JSON.stringify(body.keys[0]), {
        keyid: body.keys[0].kid,
        algorithm: 'HS256',
      });
      await app.call('get', '/auth/me', { accessToken: confused }).expect(401);
    } finally {
      await app.stop();
    }
  });

  it('still open the door after a change of the secret, when the old one is named', async () => {
    const [old, fresh] = ['first-secret-of-this-test-'.repeat(2), 'second-secret-of-this-test-'.repeat(2)];
    const before = await TestApp.start({ JWT_SECRET: old });
    const user = await before.user();
    const after = await TestApp.start({ JWT_SECRET: fresh, JWT_SECRET_PREVIOUS: old }, before);
    const without = await TestApp.start({ JWT_SECRET: fresh }, before);
    await after.call('get', '/auth/me', user).expect(200);
    await without.call('get', '/auth/me', user).expect(401);
    await Promise.all([after.stop(), without.stop()]);
    await before.stop();
  });
});

function without(claims: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

function withOwnKey(claims: object): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = `${part({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })}.${part(claims)}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(privateKey, 'base64url')}`;
}
