import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { ServerConfig } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import { sdkClient, sdkUser } from '../client/support/sdk-user';

const NEW_PASSWORD = 'a short walk in the woods';
const NONE = '01a1fd2f-4307-769f-beae-5774deda5411';
const KEYRING = Buffer.alloc(90, 1).toString('base64');
const TOKEN = /#token=([A-Za-z0-9_-]{43})/;

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

let app: TestApp;
let admin: TestUser;
beforeAll(async () => {
  app = await TestApp.start({ REQUIRE_VERIFIED_EMAIL: 'true' });
  await app.startJobs();
  admin = await app.admin();
});
afterAll(() => app.stop());

/** Mails to an address, newest first. */
async function mailsTo(address: string): Promise<Mail[]> {
  const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
  return body.mails.filter(({ to }: Mail) => to === address);
}

const linksTo = async (address: string, path: string) =>
  (await mailsTo(address)).filter(({ text }) => text.includes(path));

/** Of the newest mail, once there are more than `before`. */
async function tokenMailedTo(address: string, path: string, before = 0): Promise<string> {
  const links = () => linksTo(address, path);
  await eventually(async () => (await links()).length > before);
  return TOKEN.exec((await links())[0]?.text ?? '')?.[1] ?? '';
}

const verify = (token: string) => app.call('post', '/auth/email/verify').send({ token });
const login = (email: string, password: string) => app.call('post', '/auth/login').send({ email, password });
const reset = (token: string, fields: object = {}) =>
  app.call('post', '/auth/password/reset').send({ token, new_password: NEW_PASSWORD, ...fields });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const newWords = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const x = publicKey.export({ format: 'jwk' }).x ?? '';
  return { recovery_key: Buffer.from(x, 'base64url').toString('base64'), privateKey };
};

/** A step of the recovery by words: `read` the keyring, or `reset` it with the password. */
async function recover(email: string, words: KeyObject, fields?: { new_password: string; keyring: string }) {
  const { body } = await app.call('post', '/auth/recover').send({ email }).expect(200);
  const digests = fields ? [Buffer.from(fields.new_password), Buffer.from(fields.keyring, 'base64')].map(sha256) : [];
  const lines = ['adiuva account recovery 1', fields ? 'reset' : 'read', body.challenge, ...digests, ''];
  const signature = sign(null, Buffer.from(lines.join('\n')), words).toString('base64');
  const answer = await app
    .call('post', '/auth/recover')
    .send({ email, challenge: body.challenge, signature, ...fields });
  return answer.status;
}

const forget = (email: string) => app.call('post', '/auth/password/forgot').send({ email });

async function forgotten(user: Pick<TestUser, 'email'>): Promise<string> {
  const before = (await linksTo(user.email, '/reset-password')).length;
  await forget(user.email).expect(202);
  return tokenMailedTo(user.email, '/reset-password', before);
}

describe('a confirmed address', () => {
  test('is confirmed by the token of the newest mail, once, and opens paid actions', async () => {
    const user = await app.user();
    const buy = () => app.call('post', '/billing/checkout', user).send({ tier: 'pro' });
    const found = () => app.call('post', '/teams', user).send({ name: 'Blue' });
    for (const refused of [buy, found]) expect((await refused().expect(403)).body.code).toBe('email_unverified');
    await app.call('post', '/auth/email/verification', user).expect(204);
    const first = await tokenMailedTo(user.email, '/verify-email');
    await app.call('post', '/auth/email/verification', user).set('Accept-Language', 'de').expect(204);
    const second = await tokenMailedTo(user.email, '/verify-email');
    await verify(first).expect(401);
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(second)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401, 401]);
    expect((await app.call('get', '/auth/me', user).expect(200)).body.email_verified).toBe(true);
    await buy().expect(501);
    await found().expect(402);
    await app.call('post', '/auth/email/verification', user).expect(204);
    expect(await linksTo(user.email, '/verify-email')).toHaveLength(2);
  });

  test.each<['get' | 'post' | 'put' | 'patch' | 'delete', string]>([
    ['post', '/billing/checkout'],
    ['post', `/plugins/${NONE}/install`],
    ['post', '/teams'],
    ['get', '/teams/mine'],
    ['patch', `/teams/${NONE}`],
    ['delete', `/teams/${NONE}`],
    ['get', `/teams/${NONE}/members`],
    ['get', `/teams/${NONE}/members/${NONE}`],
    ['patch', `/teams/${NONE}/members/${NONE}`],
    ['delete', `/teams/${NONE}/members/${NONE}`],
    ['get', `/teams/${NONE}/invites`],
    ['post', `/teams/${NONE}/invites`],
    ['delete', `/teams/${NONE}/invites/${NONE}`],
    ['post', '/invites/x/accept'],
    ['get', `/teams/${NONE}/sso`],
    ['put', `/teams/${NONE}/sso`],
    ['delete', `/teams/${NONE}/sso`],
  ])('is needed for %s %s', async (method, path) => {
    const { body } = await app.call(method, path, await app.user('team')).send(method === 'get' ? undefined : {});
    expect([body.status, body.code]).toEqual([403, 'email_unverified']);
  });

  test('is confirmed within 24 hours, as a change of address is; a password is reset within 30 minutes', async () => {
    const user = await app.user();
    await app.call('post', '/auth/email/verification', user).expect(204);
    await tokenMailedTo(user.email, '/verify-email');
    const email = `later-${randomUUID()}@example.org`;
    await app.call('post', '/auth/email', user).send({ email, password: PASSWORD }).expect(202);
    await tokenMailedTo(email, '/verify-email');
    await forgotten(user);
    const lives = await app.nest.get(Database).query<{ purpose: string; life: number }>(
      `SELECT purpose, round(extract(epoch FROM expires_at - now()) / 60)::int AS life FROM account_tokens
       WHERE user_id = $1 ORDER BY purpose`,
      [user.id],
    );
    const minutes = { reset_password: 30, verify_email: 1440, verify_new_email: 1440 };
    expect(lives.map(({ purpose }) => purpose)).toEqual(Object.keys(minutes));
    for (const [at, expected] of Object.values(minutes).entries()) {
      expect(lives[at]?.life).toBeLessThanOrEqual(expected);
      expect(lives[at]?.life).toBeGreaterThan(expected - 10);
    }
  });

  test('is not confirmed by an expired token, nor by one of another purpose', async () => {
    const user = await app.user();
    await verify(await forgotten(user)).expect(401);
    await app.call('post', '/auth/email/verification', user).expect(204);
    const token = await tokenMailedTo(user.email, '/verify-email');
    await reset(token).expect(401);
    await app.nest.get(Database).query(`UPDATE account_tokens SET expires_at = now() WHERE user_id = $1`, [user.id]);
    await verify(token).expect(401);
    expect((await app.call('get', '/auth/me', user).expect(200)).body.email_verified).toBe(false);
  });

  test('is mailed at most five times an hour', async () => {
    const user = await app.user();
    const statuses: number[] = [];
    for (let time = 0; time < 6; time += 1)
      statuses.push((await app.call('post', '/auth/email/verification', user)).status);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
  });
});

describe('a change of address', () => {
  const change = (user: TestUser, email: string, password = PASSWORD) =>
    app.call('post', '/auth/email', user).send({ email, password });

  test('takes effect when the new address has confirmed, and the old one is told', async () => {
    const user = await app.user();
    const email = `new-${randomUUID()}@example.org`;
    await change(user, email, 'some other password').expect(401);
    await change(user, email).expect(202);
    const token = await tokenMailedTo(email, '/verify-email');
    expect((await mailsTo(user.email)).map(({ subject }) => subject)).toEqual([
      'The e-mail address of your account is being changed',
    ]);
    await login(email, PASSWORD).expect(401);
    await login(user.email, PASSWORD).expect(200);
    await verify(token).expect(204);
    await login(email, PASSWORD).expect(200);
    await login(user.email, PASSWORD).expect(401);
    expect((await app.call('get', '/auth/me', user).expect(200)).body).toMatchObject({ email, email_verified: true });
    await app.call('post', '/auth/register').send({ email: user.email, password: PASSWORD }).expect(201);
  });

  test('to an address with an account has the same response, and no link is mailed', async () => {
    const [user, other] = [await app.user(), await app.user()];
    const [free, taken] = [await change(user, `free-${randomUUID()}@example.org`), await change(user, other.email)];
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    await eventually(async () => (await mailsTo(user.email)).length === 2);
    const jobs = `SELECT 1 FROM graphile_worker.jobs WHERE key LIKE 'mail-account-link:%' || $1`;
    await eventually(async () => (await app.nest.get(Database).query(jobs, [user.id])).length === 0);
    expect(await mailsTo(other.email)).toEqual([]);
  });

  test('is mailed to an address five times an hour, of however many accounts', async () => {
    const email = `often-${randomUUID()}@example.org`;
    const statuses: number[] = [];
    for (let time = 0; time < 6; time += 1) statuses.push((await change(await app.user(), email)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });

  test('keeps the key derivation of the account, so that the derived secret still signs in', async () => {
    const { client, vault, email } = await sdkUser(app);
    const next = `moved-${randomUUID()}@example.org`;
    await client.security.changeEmail(email, PASSWORD, next);
    await client.security.verifyEmail(await tokenMailedTo(next, '/verify-email'));
    const again = await sdkClient(app).account.signIn({ email: next, password: PASSWORD });
    expect(again.vault.key('records')).toEqual(vault.key('records'));
  });
});

describe('a forgotten password', () => {
  test('is replaced with the mailed token, once; all sessions end', async () => {
    const user = await app.user();
    const token = await forgotten(user);
    await reset(token, { new_password: 'password12' }).expect(400);
    const answers = await Promise.all(Array.from({ length: 4 }, () => reset(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ keyring_lost: false });
    await app.call('post', '/auth/refresh').send({ refresh_token: user.refreshToken }).expect(401);
    await eventually(async () => (await app.call('get', '/auth/me', user)).status === 401);
    await login(user.email, PASSWORD).expect(401);
    await login(user.email, NEW_PASSWORD).expect(200);
    expect((await mailsTo(user.email))[0]?.subject).toBe('Your password was changed');
  });

  test.each([
    ['an address that was never confirmed', false, 401],
    ['a confirmed address', true, 200],
  ])('of %s: whether passkeys and recovery words from before still open the account', async (_, confirmed, status) => {
    const { recovery_key, privateKey } = newWords();
    const email = `signed-up-${randomUUID()}@example.org`;
    const signUp = { email, password: PASSWORD, recovery_key };
    const { body } = await app.call('post', '/auth/register').send(signUp).expect(201);
    const user = { accessToken: String(body.access_token) };
    await app.call('put', '/auth/keyring', user).send({ keyring: KEYRING }).expect(200);
    const authenticator = new SoftwareAuthenticator(app.nest.get(ServerConfig).publicUrl);
    const { body: creation } = await app.call('post', '/auth/passkeys/register/options', user).expect(200);
    await app.call('post', '/auth/passkeys/register', user).send(authenticator.create(creation)).expect(201);
    if (confirmed) {
      await app.call('post', '/auth/email/verification', user).expect(204);
      await verify(await tokenMailedTo(email, '/verify-email')).expect(204);
    }
    await reset(await forgotten({ email })).expect(200);
    const { body: request } = await app.call('post', '/auth/passkeys/login/options').expect(200);
    await app.call('post', '/auth/passkeys/login').send(authenticator.get(request)).expect(status);
    expect(await recover(email, privateKey)).toBe(status);
    await login(email, NEW_PASSWORD).expect(200);
    expect((await app.call('get', `/auth/prelogin?email=${email}`).expect(200)).body.kind).toBe('derived');
  });

  test('of an address that another had signed up with leaves their recovery words and sessions without any effect', async () => {
    const email = `owner-${randomUUID()}@example.org`;
    const [others, own] = [newWords(), newWords()];
    const signUp = { email, password: PASSWORD, recovery_key: others.recovery_key };
    const { body: stolen } = await app.call('post', '/auth/register').send(signUp).expect(201);
    const stranger = { accessToken: String(stolen.access_token) };
    await app.call('put', '/auth/keyring', stranger).send({ keyring: KEYRING }).expect(200);
    await reset(await forgotten({ email })).expect(200);
    const { body: opened } = await login(email, NEW_PASSWORD).expect(200);
    const owner = { accessToken: String(opened.access_token) };
    expect(await recover(email, others.privateKey)).toBe(401);
    expect(await recover(email, others.privateKey, { new_password: PASSWORD, keyring: KEYRING })).toBe(401);
    await app.call('get', '/auth/me', owner).expect(200);
    await login(email, PASSWORD).expect(401);
    // What the keys of the sign-up seal is not lost: the session reads the keyring, and the password registers words again.
    expect((await app.call('get', '/auth/keyring', owner).expect(200)).body.keyring).toBe(KEYRING);
    const put = (fields: object) =>
      app
        .call('put', '/auth/keyring', owner)
        .set('If-Match', '*')
        .send({ keyring: KEYRING, recovery_key: own.recovery_key, ...fields });
    await put({}).expect(400);
    await put({ password: NEW_PASSWORD }).expect(200);
    expect([await recover(email, own.privateKey), await recover(email, others.privateKey)]).toEqual([200, 401]);
  });

  test('refuses what is no password, as every route that sets one does, and the link stays valid', async () => {
    const user = await app.user();
    const token = await forgotten(user);
    const weak = ['x'.repeat(9), 'x'.repeat(257), 'password12', user.email, user.email.toUpperCase()];
    for (const password of weak) {
      const body = { current_password: user.password, new_password: password };
      for (const sent of [
        reset(token, { new_password: password }),
        app.call('post', '/auth/password', user).send(body),
      ]) {
        const answer = await sent;
        expect([password, answer.status, answer.body.errors?.[0].field]).toEqual([password, 400, 'new_password']);
      }
    }
    await reset(token, { new_password: 'a long\0 walk by the sea' }).expect(400);
    await reset(token).expect(200);
  });

  test('says that old data is lost unless the client sends a keyring, and keeps the stored one for the recovery words', async () => {
    const { client, vault, email, recoveryWords } = await sdkUser(app);
    const token = await forgotten({ email });
    expect(await client.security.resetPassword(email, token, NEW_PASSWORD)).toEqual({ keyringLost: true });
    const rescued = sdkClient(app);
    await expect(rescued.account.signIn({ email, password: NEW_PASSWORD })).rejects.toMatchObject({
      name: 'DecryptError',
    });
    const unlocked = await rescued.account.unlock(recoveryWords);
    expect(unlocked.vault.key('records')).toEqual(vault.key('records'));
    const recovery = { email, words: recoveryWords, newPassword: PASSWORD };
    await expect(sdkClient(app).account.recover(recovery)).rejects.toMatchObject({ status: 401 });
    await expect(rescued.account.unlock(recoveryWords, PASSWORD)).rejects.toMatchObject({ status: 401 });
    await rescued.account.unlock(recoveryWords, NEW_PASSWORD);
    const again = await sdkClient(app).account.signIn({ email, password: NEW_PASSWORD });
    expect(again.vault.key('records')).toEqual(vault.key('records'));
    await sdkClient(app).account.recover(recovery);
    const keyring = Buffer.alloc(90, 7).toString('base64');
    expect((await reset(await forgotten({ email }), { keyring }).expect(200)).body).toEqual({ keyring_lost: false });
  });

  test('has the same response for every address, and no mail for an unknown one', async () => {
    const [user, unknown] = [await app.user(), `unknown-${randomUUID()}@example.org`];
    const [known, other] = [await forget(user.email), await forget(unknown)];
    expect([other.status, other.text]).toEqual([known.status, known.text]);
    await tokenMailedTo(user.email, '/reset-password');
    expect(await mailsTo(unknown)).toEqual([]);
    const statuses = async (email: string) => {
      const answers: number[] = [];
      for (let time = 0; time < 5; time += 1) answers.push((await forget(email)).status);
      return answers;
    };
    expect(await statuses(unknown)).toEqual(await statuses(user.email));
  });

  test('leaves no token in plaintext in the database or the log', async () => {
    const user = await app.user();
    const token = await forgotten(user);
    const database = app.nest.get(Database);
    const tables = await database.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname IN ('public', 'graphile_worker') OR schemaname LIKE 'graphile%'`,
    );
    expect(tables.length).toBeGreaterThan(30);
    const forms = [token, Buffer.from(token).toString('hex'), Buffer.from(token, 'base64url').toString('hex')];
    for (const { name } of tables) {
      const found = await database.query(`SELECT 1 FROM ${name} t WHERE t::text ILIKE ANY ($1)`, [
        forms.map((form) => `%${form}%`),
      ]);
      expect([name, found.length]).toEqual([name, 0]);
    }
    expect(app.log.filter((line) => line.includes(token))).toEqual([]);
  });
});

test('a changed password is reported to the address, in the language of the request', async () => {
  const user = await app.user();
  const body = { current_password: user.password, new_password: NEW_PASSWORD };
  await app
    .call('post', '/auth/password', user)
    .send({ ...body, current_password: NEW_PASSWORD })
    .expect(401);
  expect(await mailsTo(user.email)).toEqual([]);
  await app.call('post', '/auth/password', user).set('Accept-Language', 'de').send(body).expect(204);
  const mails = await mailsTo(user.email);
  expect(mails.map(({ subject }) => subject)).toEqual(['Dein Passwort wurde geändert']);
  expect(mails[0]?.text).not.toContain(NEW_PASSWORD);
});
