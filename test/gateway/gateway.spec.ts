import { randomUUID } from 'node:crypto';
import { signatureOf } from '@adiuva/gateway';
import { GatewayJobs } from '@adiuva/gateway';
import { Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { AGENT_SECRET, HMAC_PREVIOUS, HMAC_SECRET, SignedCall } from './signed-call';

describe('the tool gateway', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({
      AGENT_JWT_SECRET: AGENT_SECRET,
      BACKEND_HMAC_SECRET: HMAC_SECRET,
      BACKEND_HMAC_SECRET_PREVIOUS: HMAC_PREVIOUS,
    });
    await app.startRuns();
    user = await app.user('power');
  });
  afterAll(() => app.stop());

  const signed = (method: 'get' | 'post', path: string) => new SignedCall(app, method, path);
  const tokenOf = async (scopes = ['tools:*'], of = user): Promise<string> =>
    (await app.call('post', '/auth/agent-token', of).send({ scopes }).expect(200)).body.token;
  const call = async (name: string, args: object, token?: string) =>
    signed('post', `/gateway/tools/${name}`)
      .with({ body: { arguments: args }, token: token ?? (await tokenOf()) })
      .send();
  const until = (runId: string, status: string) =>
    eventually(async () => (await app.call('get', `/runs/${runId}`, user)).body.status === status);

  it('hands a change to the app and returns what it writes', async () => {
    const { status, body } = await call('create_task', { title: 'Call Anna' });
    expect([status, body]).toEqual([
      200,
      { result: { id: expect.any(String), title: 'Call Anna' }, run_id: expect.any(String) },
    ]);
    await until(body.run_id, 'completed');
    const output = await app.call('get', `/runs/${body.run_id}/output`, user).expect(200);
    expect(output.body.actions).toMatchObject([{ type: 'create_record', table: 'tasks', data: body.result }]);
    expect((await app.call('get', `/runs/${body.run_id}`, user)).body).toMatchObject({
      kind: 'gateway',
      trigger: 'api',
    });
  });

  it('asks a device for what only it has', async () => {
    const { status, body } = await call('list_tasks', {});
    expect([status, body]).toEqual([202, { run_id: expect.any(String) }]);
    await until(body.run_id, 'waiting');
    const answer = [{ result: [{ id: 't1', title: 'Milk' }] }];
    await app.call('post', `/runs/${body.run_id}/resume`, user).send({ answer }).expect(202);
    await until(body.run_id, 'completed');
    const output = await app.call('get', `/runs/${body.run_id}/output`, user).expect(200);
    expect(output.body.response).toContain('Milk');
  });

  it('keeps a memory for the user', async () => {
    const { status, body } = await call('remember', { content: 'Meetings are on Tuesdays' });
    expect([status, body.run_id]).toEqual([200, null]);
    const kept = await app.call('get', `/memories/${body.result.id}`, user).expect(200);
    expect(kept.body).toMatchObject({ content: 'Meetings are on Tuesdays', agent: null });
  });

  it('tells a worker its status, signed under the current or the previous secret', async () => {
    for (const secret of [HMAC_SECRET, HMAC_PREVIOUS]) {
      const { status, body } = await signed('get', '/gateway/status').with({ secret }).send();
      expect([status, body]).toEqual([200, { status: 'ok', version: expect.any(String) }]);
    }
  });

  it('accepts the time in seconds and in milliseconds', async () => {
    for (const timestamp of [String(Date.now()), String(Math.floor(Date.now() / 1000))])
      expect((await signed('get', '/gateway/status').with({ timestamp }).send()).status).toBe(200);
  });

  it.each([
    [-300_001, 401],
    [-300_000, 200],
    [300_000, 200],
    [300_001, 401],
  ])('at %i ms from its time answers a signed request with %i, also in seconds', async (shift, status) => {
    const now = new Date('2026-11-26T12:00:00.000Z');
    const clock = jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(now);
    const send = (timestamp: string) => signed('get', '/gateway/status').with({ timestamp }).send();
    const seconds = Math.sign(shift) * Math.ceil(Math.abs(shift) / 1_000);
    expect((await send(String(now.getTime() + shift))).status).toBe(status);
    expect((await send(String(now.getTime() / 1_000 + seconds))).status).toBe(status);
    clock.mockRestore();
  });

  it.each(['n', 'n'.repeat(128), '{"n":1}~!'])(
    'accepts any nonce of 1 to 128 visible characters once: %s',
    async (nonce) => {
      const send = () => signed('get', '/gateway/status').with({ nonce }).send();
      expect((await send()).status).toBe(200);
      const again = await send();
      expect([again.status, again.body.code]).toEqual([409, 'replayed']);
    },
  );

  it('leaves a nonce to who has the secret: a request that is not signed right does not use it up', async () => {
    const nonce = randomUUID();
    const send = (options: object) =>
      signed('get', '/gateway/status')
        .with({ nonce, ...options })
        .send();
    expect((await send({ secret: 'another secret, 0123456789abcdef0123' })).status).toBe(401);
    expect((await send({})).status).toBe(200);
    expect((await send({})).body.code).toBe('replayed');
  });

  it('answers every wrong signature alike, and as often as an address may guess', async () => {
    // On a database of its own, of whose address nothing has been counted, in Redis neither.
    const strict = await TestApp.start({
      AGENT_JWT_SECRET: AGENT_SECRET,
      BACKEND_HMAC_SECRET: HMAC_SECRET,
      AUTH_LIMIT_PER_ADDRESS: '3',
    });
    const status = (options: object) => new SignedCall(strict, 'get', '/gateway/status').with(options).send();
    const answers: unknown[] = [];
    for (const secret of ['x'.repeat(32), HMAC_PREVIOUS, 'y'.repeat(32), 'z'.repeat(32)]) {
      const { status: code, body } = await status({ secret });
      answers.push([code, body.code, body.title, body.detail]);
    }
    expect(new Set(answers.slice(0, 3).map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[3]).toEqual([429, 'rate_limited', expect.anything(), expect.anything()]);
    expect((await status({})).status).toBe(200);
    await strict.stop();
  });

  it.each<[string, object]>([
    ['a foreign secret', { secret: 'another secret, 0123456789abcdef0123' }],
    ['a timestamp that is none', { timestamp: '1e12' }],
    ['a nonce that is too long', { nonce: 'n'.repeat(129) }],
    ['no nonce', { nonce: '' }],
    ['a nonce with a line feed', { nonce: 'a nonce with a space in it' }],
    ['another path', { signedPath: '/api/v1/gateway/tools/create_task' }],
    ['another query', { signedPath: '/api/v1/gateway/status?admin=1' }],
    ['another method', { signedMethod: 'POST' }],
    ['another body', { signedBody: '{}' }],
    ['a signature of another version', { version: 'v2' }],
    ['no signature', { version: null }],
  ])('refuses a request with %s', async (_, options) => {
    const refused = await signed('get', '/gateway/status').with(options).send();
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_signature']);
  });

  it('refuses a body that was changed after it was signed', async () => {
    const token = await tokenOf();
    const body = { arguments: { title: 'x' } };
    const signedBody = '{"arguments":{"title":"y"}}';
    const refused = await signed('post', '/gateway/tools/create_task').with({ body, signedBody, token }).send();
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_signature']);
  });

  it('accepts a nonce once, also of requests that arrive together', async () => {
    const nonce = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => signed('get', '/gateway/status').with({ nonce }).send()),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('replayed');
    const again = await signed('get', '/gateway/status')
      .with({ nonce, timestamp: String(Date.now() + 1) })
      .send();
    expect(again.body.code).toBe('replayed');
  });

  it('forgets a nonce only when no timestamp can come with it any more', async () => {
    const database = app.nest.get(Database);
    const nonces = () => database.query<{ left: number }>('SELECT count(*)::int AS left FROM gateway_nonces');
    const sweep = app.nest.get(GatewayJobs).handlers[0];
    await signed('get', '/gateway/status').send();
    const [before] = await nonces();
    await sweep?.run({}, new AbortController().signal);
    expect(await nonces()).toEqual([before]);
    await database.query(`UPDATE gateway_nonces SET expires_at = expires_at - interval '660 seconds'`);
    await sweep?.run({}, new AbortController().signal);
    expect((await nonces())[0]?.left).toBe(0);
  });

  it('refuses every token but a living agent token', async () => {
    const path = '/gateway/tools/create_task';
    const body = { arguments: { title: 'x' } };
    const agent = await tokenOf();
    const other = await app.user();
    const ended = await tokenOf(['tools:*'], other);
    await app.call('post', '/auth/logout').send({ refresh_token: other.refreshToken }).expect(204);
    for (const token of [user.accessToken, user.refreshToken, `${agent}x`, `${agent.split('.')[0]}..`, '', ended]) {
      const refused = await signed('post', path).with({ body, token }).send();
      expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
    }
    await app.call('post', path, user).send(body).expect(401);
    await app.call('get', '/auth/me', { accessToken: agent }).expect(401);
    await app
      .call('post', '/auth/agent-token', { accessToken: agent })
      .send({ scopes: ['tools:*'] })
      .expect(401);
  });

  it('keeps to the scopes of the token, to the tier and to the schema', async () => {
    const narrow = await tokenOf(['tools:create_task']);
    expect((await call('create_task', { title: 'x' }, narrow)).status).toBe(200);
    expect((await call('create_note', { title: 'x', content: 'y' }, narrow)).body.code).toBe('forbidden');
    const free = await tokenOf(['tools:*'], await app.user());
    const locked = await call('create_event', {}, free);
    expect([locked.status, locked.body.required_tier]).toEqual([402, 'pro']);
    expect((await call('no_such_tool', {})).status).toBe(404);
    expect((await call('call_agent', {})).status).toBe(422);
    const refused = await call('create_task', { title: 7 });
    expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'arguments.title']);
    expect((await call('list_tasks', { status: 7 })).status).toBe(400);
  });

  it('refuses what is no call: a large body, broken JSON, unknown members, another type', async () => {
    const token = await tokenOf();
    const post = (raw: string) => signed('post', '/gateway/tools/create_task').with({ raw, token }).send();
    const ofBytes = (size: number) => {
      const [head, tail] = ['{"arguments":{"title":"', '"}}'];
      return `${head}${'x'.repeat(size - head.length - tail.length)}${tail}`;
    };
    expect((await post(ofBytes(1024 * 1024))).body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect((await post(ofBytes(1024 * 1024 + 1))).status).toBe(413);
    expect((await post('{"arguments":')).status).toBe(400);
    expect((await post('{"arguments":{},"user":"x"}')).status).toBe(400);
    expect((await post('[]')).status).toBe(400);
  });

  it('signs as the contract describes it', () => {
    const content = { timestamp: '1700000000', nonce: 'n', method: 'GET', path: '/', body: Buffer.alloc(0) };
    expect(signatureOf('secret', content)).toBe('25f7cce66ba8613a6c487fa72b7a1d2d687d78ff7d1a2253e02d28d2115573a0');
  });
});
