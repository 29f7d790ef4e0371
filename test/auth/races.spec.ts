import { Client } from 'pg';
import { Database } from '@adiuva/platform';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';

const NEXT_PASSWORD = 'another walk by the lake';
const ORIGIN = 'https://adiuva.example';
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const DEVICE = { name: 'laptop', public_key: Buffer.alloc(32, 7).toString('base64') };

describe('of two things that happen to an account concurrently', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ PUBLIC_URL: ORIGIN, REFRESH_GRACE_SECONDS: '60' });
  });
  afterAll(() => app.stop());

  /** Locks the row of `user`, starts `request`, waits until it waits for the row, applies `change` and commits. */
  async function overtaken<T>(user: TestUser, request: () => Promise<T>, change: string): Promise<T> {
    const client = new Client({ connectionString: app.database.url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [user.id]);
      const answer = request();
      // Not by the connection of the transaction, which would see the first state again and again.
      await eventually(async () => (await app.nest.get(Database).query(WAITING)).length > 0);
      await client.query(change, [user.id]);
      await client.query('COMMIT');
      return await answer;
    } finally {
      await client.end();
    }
  }

  it('a login with a password that is replaced before the session is stored opens no session', async () => {
    const user = await app.user();
    const login = async () =>
      (await app.call('post', '/auth/login').send({ email: user.email, password: PASSWORD })).status;
    expect(await overtaken(user, login, `UPDATE users SET password_hash = 'replaced' WHERE id = $1`)).toBe(401);
  });

  it('a password change that is overtaken by another one changes nothing', async () => {
    const user = await app.user();
    const change = async () =>
      (await app.call('post', '/auth/password', user).send({ current_password: PASSWORD, new_password: NEXT_PASSWORD }))
        .status;
    expect(await overtaken(user, change, `UPDATE users SET password_hash = 'replaced' WHERE id = $1`)).toBe(401);
  });

  it.each([
    [
      'a password that is replaced',
      { password: PASSWORD },
      `UPDATE users SET password_hash = 'replaced' WHERE id = $1`,
      401,
    ],
    ['a sign-up whose session ends', {}, 'UPDATE sessions SET revoked_at = now() WHERE user_id = $1', 400],
  ])('recovery words are not registered by %s before they are stored', async (_, fields, change, status) => {
    const user = await app.user();
    const body = { keyring: 'AAAA', recovery_key: Buffer.alloc(32, 7).toString('base64'), ...fields };
    const put = async () => (await app.call('put', '/auth/keyring', user).set('If-None-Match', '*').send(body)).status;
    expect(await overtaken(user, put, change)).toBe(status);
  });

  it('a passkey is not stored for a session that a reset ends before', async () => {
    const user = await app.user();
    const { body: options } = await app.call('post', '/auth/passkeys/register/options', user).expect(200);
    const made = new SoftwareAuthenticator(ORIGIN).create(options);
    const register = async () => (await app.call('post', '/auth/passkeys/register', user).send(made)).status;
    expect(await overtaken(user, register, 'UPDATE sessions SET revoked_at = now() WHERE user_id = $1')).toBe(401);
    expect(await app.nest.get(Database).query('SELECT 1 FROM passkeys WHERE user_id = $1', [user.id])).toEqual([]);
  });

  it.each([
    ['device', (user: TestUser) => app.call('post', '/devices', user).send(DEVICE)],
    ['keyring', (user: TestUser) => app.call('put', '/auth/keyring', user).send({ keyring: 'AAAA' })],
  ])('a %s is not stored for an account that is being erased', async (_, send) => {
    const user = await app.user();
    const status = await overtaken(
      user,
      async () => (await send(user)).status,
      'UPDATE users SET erased_at = now() WHERE id = $1',
    );
    expect(status).toBe(401);
  });

  it('of seven refreshes with one token five get a pair, the others 409, and nothing is revoked', async () => {
    const user = await app.user();
    const refresh = (token: string) => app.call('post', '/auth/refresh').send({ refresh_token: token });
    const answers = await Promise.all(Array.from({ length: 7 }, () => refresh(user.refreshToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('conflict');
    const pair = answers.find(({ status }) => status === 200)?.body;
    await refresh(pair.refresh_token).expect(200);
  });

  it.each([
    ['in a zero-width space', 'an\u200bna@example.org', 400],
    ['in a soft hyphen', 'anna@exam\u00adple.org', 400],
    ['in full-width letters', 'ａｎｎａ@example.org', 409],
    ['in the case of the domain', 'anna@bücher.example', 409],
    ['in the ASCII form of the domain', 'anna@xn--bcher-kva.example', 409],
  ])('an address that differs from a known one %s makes no second account', async (_, email, status) => {
    for (const known of ['anna@example.org', 'anna@BÜCHER.example'])
      await app.call('post', '/auth/register').send({ email: known, password: PASSWORD });
    await app.call('post', '/auth/register').send({ email, password: PASSWORD }).expect(status);
  });
});
