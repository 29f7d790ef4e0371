import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decode, verify } from 'jsonwebtoken';
import { HMAC_SECRET, SignedCall } from '../gateway/signed-call';
import { TestApp } from '../support/app';

const SECRET = 'shared with the worker, 0123456789abcdef';
const SCOPES = ['tools:*', 'tools:create_task'];

const pem = (type: 'rsa' | 'ec') =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  ).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe('an agent token', () => {
  let app: TestApp;
  /** The key of access tokens is the same on purpose: the audience alone must keep them apart. */
  beforeAll(async () => void (app = await TestApp.start({ AGENT_JWT_SECRET: SECRET, JWT_SECRET: SECRET })));
  afterAll(() => app.stop());

  test('names user, session, scopes, issuer and audience, and lives five minutes at most', async () => {
    const user = await app.user();
    const { body } = await app.call('post', '/auth/agent-token', user).send({ scopes: SCOPES }).expect(200);
    const claims = verify(body.token, SECRET, {
      algorithms: ['HS256'],
      issuer: 'adiuva-cloud',
      audience: 'agent-worker',
    });
    expect(claims).toMatchObject({ sub: user.id, scopes: SCOPES, sid: expect.any(String), jti: expect.any(String) });
    const { iat = 0, exp = 0 } = typeof claims === 'object' ? claims : {};
    expect([exp - iat, body.expires_at]).toEqual([300, exp * 1000]);
    const short = await app.call('post', '/auth/agent-token', user).send({ scopes: SCOPES, ttl_s: 10 }).expect(200);
    const { iat: from = 0, exp: to = 0 } = decode(short.body.token, { json: true }) ?? {};
    expect(to - from).toBe(10);
  });

  test('opens no route of users and no socket, even where both are signed with one key', async () => {
    const user = await app.user();
    const { body } = await app.call('post', '/auth/agent-token', user).send({ scopes: SCOPES }).expect(200);
    const worker = { accessToken: body.token };
    for (const path of ['/auth/me', '/auth/sessions', '/storage/usage']) {
      const refused = await app.call('get', path, worker).expect(401);
      expect(refused.body.code).toBe('unauthenticated');
    }
    await app.call('post', '/auth/agent-token', worker).send({ scopes: SCOPES }).expect(401);
    await expect(app.socket(body.token)).rejects.toMatchObject({ data: { code: 'unauthenticated' } });
  });

  test.each([
    [{ scopes: [] }],
    [{ scopes: ['Tools'] }],
    [{ scopes: ['tools:*', 'tools:*'] }],
    [{ scopes: Array.from({ length: 21 }, (_, index) => `tools:t${index}`) }],
    [{ scopes: SCOPES, ttl_s: 301 }],
    [{ scopes: SCOPES, ttl_s: 0 }],
    [{ scopes: SCOPES, aud: 'adiuva-desktop' }],
  ])('is not issued for %j', async (body) => {
    await app
      .call('post', '/auth/agent-token', await app.user())
      .send(body)
      .expect(400);
  });
});

test.each([
  ['rsa', 'RS256'],
  ['ec', 'ES256'],
] as const)('an agent token of a private key (%s) is verified with the published one', async (type, algorithm) => {
  const app = await TestApp.start({
    ...{ AGENT_JWT_PRIVATE_KEY: pem(type), AGENT_JWT_ISS: 'us', AGENT_JWT_AUD: 'edge' },
    BACKEND_HMAC_SECRET: HMAC_SECRET,
  });
  const { body } = await app
    .call('post', '/auth/agent-token', await app.user())
    .send({ scopes: SCOPES })
    .expect(200);
  const { keys } = (await app.call('get', '/auth/.well-known/jwks.json').expect(200)).body;
  expect(keys).toHaveLength(1);
  expect([keys[0].alg, keys[0].kid, 'd' in keys[0]]).toEqual([
    algorithm,
    decode(body.token, { complete: true })?.header.kid,
    false,
  ]);
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  expect(verify(body.token, key, { algorithms: [algorithm], issuer: 'us', audience: 'edge' })).toBeTruthy();
  const call = new SignedCall(app, 'post', '/gateway/tools/create_task');
  expect((await call.with({ token: body.token, body: { arguments: { title: 'x' } } }).send()).status).toBe(200);
  await app.stop();
});

test('without a key agent tokens and the gateway are not configured, and an audience of users is refused at the start', async () => {
  const app = await TestApp.start();
  const { body } = await app
    .call('post', '/auth/agent-token', await app.user())
    .send({ scopes: SCOPES })
    .expect(501);
  expect([body.code, body.detail]).toEqual(['not_configured', 'AGENT_JWT_SECRET is not set']);
  const gateway = await new SignedCall(app, 'get', '/gateway/status').send().expect(501);
  expect([gateway.body.code, gateway.body.detail]).toEqual(['not_configured', 'BACKEND_HMAC_SECRET is not set']);
  await app.stop();
  await expect(TestApp.start({ AGENT_JWT_AUD: 'adiuva-desktop' })).rejects.toThrow('AGENT_JWT_AUD');
});
