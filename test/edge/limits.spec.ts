import { newId } from '@adiuva/kernel';
import { eventually, TestApp } from '../support/app';
import { AGENT_SECRET, HMAC_SECRET, SignedCall } from '../gateway/signed-call';

describe('the limits of a tier', () => {
  let weighed: TestApp | undefined;
  afterAll(() => weighed?.stop());

  it('are told on every answer, and hold', async () => {
    const app = await TestApp.start({ RATE_LIMIT_FREE: '3', RATE_LIMIT_PRO: '5' });
    const user = await app.user();
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      const { status, headers, body } = await app.call('get', '/agents', user);
      statuses.push(status);
      expect(headers['ratelimit-limit']).toBe('3');
      expect(headers['ratelimit-remaining']).toBe(String(Math.max(0, 2 - at)));
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
      if (status === 429) expect([body.code, Number(headers['retry-after']) > 0]).toEqual(['rate_limited', true]);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    await app.stop();
  });

  it('count a request by what it costs, and calls of agent workers apart', async () => {
    const app = await TestApp.start({
      RATE_LIMIT_FREE: '11',
      AGENT_JWT_SECRET: AGENT_SECRET,
      BACKEND_HMAC_SECRET: HMAC_SECRET,
    });
    const user = await app.user();
    const { body } = await app
      .call('post', '/auth/agent-token', user)
      .send({ scopes: ['tools:*'] })
      .expect(200);
    const chat = () => app.call('post', '/chat', user).send({ message: 'hello' });
    const remaining = [await chat(), await chat(), await chat()].map(({ status, headers }) => [
      status,
      headers['ratelimit-limit'],
      headers['ratelimit-remaining'],
    ]);
    expect(remaining).toEqual([
      [200, '11', '5'],
      [200, '11', '0'],
      [429, '11', '0'],
    ]);
    const call = () =>
      new SignedCall(app, 'post', '/gateway/tools/create_task')
        .with({ token: body.token, body: { arguments: { title: 'x' } } })
        .send();
    const calls = await Promise.all(Array.from({ length: 12 }, call));
    expect(calls.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 11 }, () => 200), 429]);
    await app.stop();
  });

  it.each<readonly ['get' | 'post', string, number]>([
    ['get', '/agents', 1],
    ['get', '/teams/mine', 1],
    ['post', '/exports', 1],
    ['post', '/auth/agent-token', 1],
    ['post', '/chat', 5],
    ['post', '/chat/continue', 5],
    ['post', '/run-agent', 5],
    ['post', '/create-dag', 5],
    ['post', '/execute-dag', 5],
    ['post', `/resume-dag/${newId()}`, 5],
    ['post', '/plans/steps', 5],
    ['post', '/goals/plan', 5],
    ['post', '/reports', 5],
  ])('count %s %s as %i requests, also where it is refused', async (method, path, weight) => {
    weighed ??= await TestApp.start({ RATE_LIMIT_FREE: '10' });
    const { headers } = await weighed.call(method, path, await weighed.user()).send(method === 'get' ? undefined : {});
    expect(headers['ratelimit-remaining']).toBe(String(10 - weight));
  });

  it('of an address are told where nobody has signed in', async () => {
    const app = await TestApp.start({ AUTH_LIMIT_PER_ADDRESS: '2' });
    const login = () => app.call('post', '/auth/login').send({ email: 'nobody@example.org', password: 'not the one' });
    const answers = [await login(), await login(), await login()];
    expect(
      answers.map(({ status, headers }) => [status, headers['ratelimit-limit'], headers['ratelimit-remaining']]),
    ).toEqual([
      [401, '2', '2'],
      [401, '2', '1'],
      [429, '2', '0'],
    ]);
    expect(Number(answers[2]?.headers['ratelimit-reset'])).toBeGreaterThan(0);
    await app.stop();
  });

  it.each<readonly ['get' | 'post', string, string | undefined, number]>([
    ['get', '/agents', undefined, 401],
    ['get', '/agents', 'forged', 401],
    ['post', '/chat', undefined, 401],
    ['get', '/nothing', undefined, 404],
  ])(
    'of an address are told where %s %s with token %s is refused before it is counted',
    async (method, path, token, status) => {
      const app = await TestApp.start({ AUTH_LIMIT_PER_ADDRESS: '7' });
      const caller = token === undefined ? undefined : { accessToken: token };
      const { headers } = await app.call(method, path, caller).expect(status);
      expect([headers['ratelimit-limit'], headers['ratelimit-remaining']]).toEqual(['7', '7']);
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
      await app.stop();
    },
  );

  it('follow a change of tier on both nodes', async () => {
    const app = await TestApp.start({ RATE_LIMIT_FREE: '100', RATE_LIMIT_TEAM: '200' });
    const node = await TestApp.start({ RATE_LIMIT_FREE: '100', RATE_LIMIT_TEAM: '200' }, app);
    const user = await app.user();
    expect((await node.call('get', '/auth/me', user)).headers['ratelimit-limit']).toBe('100');
    await app.setTier(user.id, 'team', 3);
    await eventually(async () => (await node.call('get', '/auth/me', user)).body.tier === 'team');
    for (const each of [app, node]) {
      const { headers, body } = await each.call('get', '/auth/me', user);
      expect([headers['ratelimit-limit'], body.tier]).toEqual(['600', 'team']);
    }
    await node.stop();
    await app.stop();
  });
});

describe('an idempotency key', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start()));
  afterAll(() => app.stop());

  it('replays the first answer, refuses another body, and belongs to one user', async () => {
    const [user, other] = [await app.user(), await app.user()];
    const send = (who: typeof user, message: string, key = 'key-1') =>
      app.call('post', '/chat', who).set('Idempotency-Key', key).send({ message });
    const first = await send(user, 'add a task: buy bread');
    const again = await send(user, 'add a task: buy bread');
    expect(again.body).toEqual(first.body);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
    const changed = await send(user, 'add a task: buy milk');
    expect([changed.status, changed.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect((await send(other, 'add a task: buy bread')).body.actions[0].data.id).not.toBe(
      first.body.actions[0].data.id,
    );
    expect((await send(user, 'hello', '')).status).toBe(400);
    expect((await send(user, 'hello', 'x'.repeat(256))).status).toBe(400);
  });

  it('belongs to one address where nobody has signed in', async () => {
    const proxied = await TestApp.start({ TRUST_PROXY: '1' }, app);
    const register = (email: string, from: string) =>
      proxied
        .call('post', '/auth/register')
        .set('Idempotency-Key', 'key-1')
        .set('X-Forwarded-For', from)
        .send({ email, password: 'a long walk by the sea' });
    const first = await register('idempotent-1@example.org', '198.51.100.1').expect(201);
    expect((await register('idempotent-1@example.org', '198.51.100.1').expect(201)).body).toEqual(first.body);
    expect((await register('idempotent-2@example.org', '198.51.100.1').expect(422)).body.code).toBe(
      'idempotency_key_reused',
    );
    await register('idempotent-2@example.org', '198.51.100.2').expect(201);
    await proxied.stop();
  });

  it('lets one of many at once through', async () => {
    const user = await app.user();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        app.call('post', '/chat', user).set('Idempotency-Key', 'same').send({ message: 'add a task: call Anna' }),
      ),
    );
    const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.actions[0].data.id);
    expect(new Set(ids).size).toBe(1);
    expect(
      answers.filter(({ status }) => status !== 200).every(({ body }) => body.code === 'idempotency_in_progress'),
    ).toBe(true);
  });
});
