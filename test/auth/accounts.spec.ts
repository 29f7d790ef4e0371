import { Accounts } from '@adiuva/auth';
import { Database, ServerKeys } from '@adiuva/platform';
import { PASSWORD, TestApp } from '../support/app';

describe('accounts', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start()));
  afterAll(() => app.stop());

  it('lets a new user in and knows him', async () => {
    const user = await app.user();
    const { body } = await app.call('get', '/auth/me', user).expect(200);
    expect(body).toEqual({
      id: user.id,
      email: user.email,
      email_verified: false,
      totp_enabled: false,
      tier: 'free',
      role: 'user',
      created_at: expect.any(Number),
    });
  });

  it('gives concurrent requests of several users their own accounts', async () => {
    const users = await Promise.all([app.user(), app.user(), app.user()]);
    const asked = [...users, ...users, ...users, ...users];
    const answers = await Promise.all(asked.map((user) => app.call('get', '/auth/me', user).expect(200)));
    expect(answers.map(({ body }) => [body.id, body.email])).toEqual(asked.map(({ id, email }) => [id, email]));
  });

  it('tells an account that is erased from those that are asked for in the same moment', async () => {
    const [living, erased] = await Promise.all([app.user(), app.user()]);
    await app.nest.get(Database).query('UPDATE users SET erased_at = now() WHERE id = $1', [erased.id]);
    const accounts = app.nest.get(Accounts);
    const outcomes = await Promise.allSettled([living, erased, living].map(({ id }) => accounts.get(id)));
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { email: living.email } },
      { status: 'rejected', reason: { code: 'not_found' } },
      { status: 'fulfilled', value: { email: living.email } },
    ]);
  });

  it('takes an address once, however it is written', async () => {
    const { email } = await app.user();
    const { body } = await app
      .call('post', '/auth/register')
      .send({ email: email.toUpperCase(), password: PASSWORD })
      .expect(409);
    expect(body).toMatchObject({ code: 'email_taken', status: 409 });
  });

  it('an account from before addresses had one form of their domain is the same account in every form', async () => {
    const user = await app.user();
    const former = 'otto@grün.example';
    const forms = [former, 'otto@xn--grn-ioa.example', 'Otto@GRÜN.example'];
    const keys = app.nest.get(ServerKeys);
    // As it was registered then: the index is that of the address as it was typed.
    await app.nest
      .get(Database)
      .query('UPDATE users SET email_index = $2 WHERE id = $1', [user.id, keys.hmac('account-index', former)]);
    const salt = keys.hmac('prelogin', former).subarray(0, 16).toString('base64');
    for (const email of forms) {
      await app.call('post', '/auth/login').send({ email, password: PASSWORD }).expect(200);
      await app.call('post', '/auth/register').send({ email, password: PASSWORD }).expect(409);
      const { body } = await app.call('get', `/auth/prelogin?email=${encodeURIComponent(email)}`).expect(200);
      expect(body.salt).toBe(salt);
    }
  });

  it.each([
    ['too short', 'short pass'.slice(0, 9)],
    ['too long', 'x1!'.repeat(100)],
    ['common', 'password123'],
    ['a run', '1234567890'],
    ['one letter', 'aaaaaaaaaaaaaa'],
  ])('refuses a password that is %s', async (_, password) => {
    const { body } = await app
      .call('post', '/auth/register')
      .send({ email: `weak-${Date.now()}@example.org`, password })
      .expect(400);
    expect(body.errors[0].field).toBe('password');
  });

  it('says the same about a wrong password and about no account', async () => {
    const { email } = await app.user();
    const wrong = await app.call('post', '/auth/login').send({ email, password: 'not the password' }).expect(401);
    const nobody = await app
      .call('post', '/auth/login')
      .send({ email: 'nobody@example.org', password: 'not the password' })
      .expect(401);
    expect({ ...nobody.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
    expect(wrong.body.code).toBe('invalid_credentials');
  });

  it('ends every other session when the password changes', async () => {
    const user = await app.user();
    const { body: other } = await app
      .call('post', '/auth/login')
      .send({ email: user.email, password: PASSWORD })
      .expect(200);
    await app
      .call('post', '/auth/password', user)
      .send({ current_password: PASSWORD, new_password: 'another walk by the sea' })
      .expect(204);
    await app.call('post', '/auth/refresh').send({ refresh_token: other.refresh_token }).expect(401);
    await app.call('get', '/auth/me', user).expect(200);
    await app.call('post', '/auth/login').send({ email: user.email, password: PASSWORD }).expect(401);
  });
});
