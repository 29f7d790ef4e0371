import { Database } from '@adiuva/platform';
import { eventually, PASSWORD, TestApp } from '../support/app';

describe('sessions', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.startJobs();
  });
  afterAll(() => app.stop());

  it('are listed with the present one marked, and can be ended', async () => {
    const user = await app.user();
    const { body: other } = await app
      .call('post', '/auth/login')
      .set('User-Agent', 'Adiuva/1 (test)')
      .send({ email: user.email, password: PASSWORD });
    const { body } = await app.call('get', '/auth/sessions', user).expect(200);
    expect(body).toHaveLength(2);
    expect(body.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    const second = body.find((session: { current: boolean }) => !session.current);
    expect(second.user_agent).toBe('Adiuva/1 (test)');
    await app.call('delete', `/auth/sessions/${second.id}`, user).expect(204);
    await app.call('get', '/auth/me', { accessToken: other.access_token }).expect(401);
  });

  it('of somebody else are not there', async () => {
    const [one, other] = [await app.user(), await app.user()];
    const { body } = await app.call('get', '/auth/sessions', other);
    const foreign = await app.call('delete', `/auth/sessions/${body[0].id}`, one).expect(404);
    const nowhere = await app.call('delete', '/auth/sessions/01a1fd2f-4307-769f-beae-5774deda5411', one).expect(404);
    expect({ ...foreign.body, request_id: '', instance: '' }).toEqual({
      ...nowhere.body,
      request_id: '',
      instance: '',
    });
  });

  it('that end close their sockets, on another node too', async () => {
    const node = await TestApp.start({}, app);
    const user = await app.user();
    const socket = await node.socket(user.accessToken);
    await app.call('post', '/auth/logout').send({ refresh_token: user.refreshToken }).expect(204);
    await eventually(() => !socket.connected);
    await node.call('get', '/auth/me', user).expect(401);
    await node.stop();
  });

  it('all end at once when the account is erased, and nothing of it is left', async () => {
    const user = await app.user('pro');
    await app.call('delete', '/auth/account', user).send({ password: 'not the password' }).expect(401);
    await app.call('delete', '/auth/account', user).send({ password: PASSWORD }).expect(202);
    await app.call('get', '/auth/me', user).expect(401);
    await app.call('post', '/auth/login').send({ email: user.email, password: PASSWORD }).expect(401);
    const database = app.nest.get(Database);
    await eventually(async () => (await database.query('SELECT 1 FROM users WHERE id = $1', [user.id])).length === 0);
    for (const table of ['sessions', 'user_keys', 'entitlements', 'known_addresses']) {
      expect(await database.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [user.id])).toEqual([]);
    }
    await app.call('post', '/auth/register').send({ email: user.email, password: PASSWORD }).expect(201);
  });
});

describe('guessing', () => {
  it('is slowed down by account and by address, but not for the owner at home', async () => {
    const app = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '3', AUTH_LIMIT_PER_ADDRESS: '8', TRUST_PROXY: '1' });
    const user = await app.user();
    const login = (password: string, from: string) =>
      app.call('post', '/auth/login').set('X-Forwarded-For', from).send({ email: user.email, password });
    expect((await login(PASSWORD, '198.51.100.1')).status).toBe(200);
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect((await login('wrong password', '203.0.113.9')).status).toBe(401);
    const stopped = await login(PASSWORD, '203.0.113.9');
    expect([stopped.status, stopped.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    expect((await login(PASSWORD, '198.51.100.1')).status).toBe(200);
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        app
          .call('post', '/auth/login')
          .set('X-Forwarded-For', '203.0.113.77')
          .send({ email: `n${at}@example.org`, password: 'wrong password' }),
      ),
    );
    expect(others.filter(({ status }) => status === 401)).toHaveLength(8);
    await app.stop();
  });

  it('does not stop somebody who signs in rightly however often', async () => {
    const app = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '2', AUTH_LIMIT_PER_ADDRESS: '2' });
    const { email } = await app.user();
    for (let time = 0; time < 6; time += 1)
      await app.call('post', '/auth/login').send({ email, password: PASSWORD }).expect(200);
    await app.stop();
  });

  it('is not the way to fill the house: registrations from an address are limited', async () => {
    const app = await TestApp.start({ REGISTER_LIMIT_PER_ADDRESS: '2' });
    const register = (name: string) =>
      app.call('post', '/auth/register').send({ email: `${name}@example.org`, password: PASSWORD });
    expect([(await register('a')).status, (await register('b')).status, (await register('c')).status]).toEqual([
      201, 201, 429,
    ]);
    await app.stop();
  });
});
