import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { Client } from 'pg';
import type request from 'supertest';
import { Accounts } from '@adiuva/auth';
import { Clock } from '@adiuva/kernel';
import { Database, requestContext } from '@adiuva/platform';
import { PasswordHasher } from '../../libs/auth/src/password-hasher.adapter';
import { PASSWORD, TestApp, type TestUser } from '../support/app';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import { secretOf } from '../support/builders/totp-secret';
import { totpCode } from '../../libs/auth/src/factors/totp';

const WRONG = 'not the password of anyone';
const ORIGIN = 'https://adiuva.example';

/** What a caller sees of an answer, and what the server did for it. */
interface Observed {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly statements: readonly string[];
  readonly passwordsHashed: number;
}

let app: TestApp;
let hasher: jest.SpyInstance;
let queries: jest.SpyInstance;
const statements: { readonly requestId: string; readonly text: string }[] = [];

beforeAll(async () => {
  app = await TestApp.start({ PUBLIC_URL: ORIGIN });
  hasher = jest.spyOn(app.nest.get(PasswordHasher), 'verify');
  const send = Client.prototype.query;
  queries = jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...values: unknown[]) {
    const [query] = values;
    const text = typeof query === 'string' ? query : Reflect.get(Object(query), 'text');
    const requestId = requestContext.getStore()?.requestId;
    if (requestId !== undefined) statements.push({ requestId, text: String(text) });
    return Reflect.apply(send, this, values);
  });
});
afterAll(async () => {
  queries.mockRestore();
  hasher.mockRestore();
  await app.stop();
});

/** Of each answer its own. */
const OWN_HEADERS = /^(?:date|x-request-id|etag|ratelimit-(?:remaining|reset))$/;

/**
 * The settings of a new connection of the pool, for which the first that is asked for pays; the session and the tier of the caller, which are
 * kept for 3 s.
 */
const OF_CHANCE =
  /^SET statement_timeout|^SELECT s\.user_id, u\.role FROM sessions s|FROM team_seats b WHERE b\.owner_id/;

type Send = () => request.Test;

async function observe(send: Send): Promise<Observed> {
  const requestId = randomUUID();
  const hashed = hasher.mock.calls.length;
  const { status, body, headers } = await send().set('X-Request-Id', requestId);
  const { request_id: _, ...rest } = body;
  return {
    status,
    body: rest,
    headers: Object.fromEntries(
      Object.entries<string>(headers).filter(([name]) => !OWN_HEADERS.test(name) && name !== 'content-length'),
    ),
    statements: statements
      .filter((one) => one.requestId === requestId && !OF_CHANCE.test(one.text))
      .map(({ text }) => text),
    passwordsHashed: hasher.mock.calls.length - hashed,
  };
}

/** Keys and types in place of values that are random or of the address. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

/** Addresses by what the server knows of them. */
async function addresses(): Promise<Readonly<Record<string, string>>> {
  const fresh = () => `${randomBytes(8).toString('hex')}@example.org`;
  const withoutPassword = fresh();
  const accounts = app.nest.get(Accounts);
  await app.nest.get(Database).transaction((tx) => accounts.createVerified(tx, withoutPassword, undefined));
  const [usual, disabled, erased, withTotp] = [await app.user(), await app.user(), await app.user(), await app.user()];
  const admin = await app.admin();
  await app.call('patch', `/admin/users/${disabled.id}`, admin).send({ disabled: true }).expect(200);
  await app.call('delete', '/auth/account', erased).send({ password: PASSWORD }).expect(202);
  const { body: totp } = await app.call('post', '/auth/totp', withTotp).expect(200);
  const code = totpCode(secretOf(totp.otpauth_uri), Math.floor(app.nest.get(Clock).now().getTime() / 30_000));
  await app.call('post', '/auth/totp/confirm', withTotp).send({ code }).expect(200);
  const recoverable = fresh();
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
  const recovery_key = Buffer.from(key, 'base64url').toString('base64');
  await app.call('post', '/auth/register').send({ email: recoverable, password: PASSWORD, recovery_key }).expect(201);
  return {
    usual: usual.email,
    disabled: disabled.email,
    erased: erased.email,
    'with a second factor': withTotp.email,
    'without a password': withoutPassword,
    'with recovery words': recoverable,
    unknown: fresh(),
  };
}

describe('an address', () => {
  let known: Readonly<Record<string, string>>;
  beforeAll(async () => void (known = await addresses()));

  const post =
    (path: string, body: object, user?: TestUser): Send =>
    () =>
      app.call('post', path, user).send(body);
  const get =
    (path: string): Send =>
    () =>
      app.call('get', path);
  const signature = sign(null, Buffer.from('x'), generateKeyPairSync('ed25519').privateKey).toString('base64');
  const challenged = async (email: string, fields: object = {}): Promise<Send> => {
    const { challenge } = (await post('/auth/recover', { email })().expect(200)).body;
    return post('/auth/recover', { email, challenge, signature, ...fields });
  };
  const reset = { new_password: PASSWORD, keyring: Buffer.alloc(90, 1).toString('base64') };
  const sso = (email: string) =>
    new URLSearchParams({ email, redirect_uri: 'app://adiuva/sso', code_challenge: 'a'.repeat(43) }).toString();
  const inviting = async (email: string): Promise<Send> => {
    const owner = await app.user('team', 2);
    const { body } = await post('/teams', { name: 'Blue' }, owner)().expect(201);
    return post(`/teams/${body.id}/invites`, { email, role: 'member' }, owner);
  };

  it.each<[string, number, (email: string) => Send | Promise<Send>]>([
    ['a sign-in with a wrong password', 401, (email) => post('/auth/login', { email, password: WRONG })],
    ['a sign-in with a code', 401, (email) => post('/auth/login', { email, password: WRONG, totp: '123456' })],
    ['a forgotten password', 202, (email) => post('/auth/password/forgot', { email })],
    ['a question for its key derivation', 200, (email) => get(`/auth/prelogin?email=${email}`)],
    ['a challenge of the recovery', 200, (email) => post('/auth/recover', { email })],
    ['a wrong signature of the recovery', 401, (email) => challenged(email)],
    ['a reset with a wrong signature', 401, (email) => challenged(email, reset)],
    ['a start of a single sign-on', 404, (email) => get(`/auth/sso/start?${sso(email)}`)],
    ['a change to it', 202, async (email) => post('/auth/email', { email, password: PASSWORD }, await app.user())],
    ['an invite to a team', 201, inviting],
  ])('has the same answer after the same work, whatever is known of it: %s', async (_, status, prepare) => {
    const { unknown = '', ...rest } = known;
    // The first request of a kind fills caches.
    await observe(await prepare(`first-${unknown}`));
    const reference = await observe(await prepare(unknown));
    expect(reference.status).toBe(status);
    const comparable = ({ body, ...observed }: Observed) => ({
      ...observed,
      body: observed.status < 300 ? shapeOf(body) : { ...Object(body), instance: '' },
    });
    for (const [name, email] of Object.entries(rest))
      expect({ name, ...comparable(await observe(await prepare(email))) }).toEqual({ name, ...comparable(reference) });
  });

  it('that is registered differs where the contract says so, and the comparison notices it', async () => {
    const { unknown, usual } = known;
    const register = (email = '') => observe(post('/auth/register', { email, password: PASSWORD }));
    const [taken, free] = [await register(usual), await register(`free-${unknown}`)];
    expect([taken.status, free.status]).toEqual([409, 201]);
    expect(free.statements.length).toBeGreaterThan(taken.statements.length);
  });

  it('is limited as any other: three wrong passwords, then 429, also for its recovery', async () => {
    const strict = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '3' }, app);
    // Of which nothing has been counted yet, in Redis neither.
    for (const [name, email] of Object.entries(await addresses())) {
      const answers: number[] = [];
      for (const fields of [{ password: WRONG }, { password: WRONG }, { password: WRONG }, { password: PASSWORD }])
        answers.push((await strict.call('post', '/auth/login').send({ email, ...fields })).status);
      answers.push((await strict.call('post', '/auth/recover').send({ email, challenge: 'x', signature })).status);
      expect([name, answers]).toEqual([name, [401, 401, 401, 429, 429]]);
    }
    await strict.stop();
  });
});

describe('a token or credential that does not work', () => {
  const code = (body: unknown) => Reflect.get(Object(body), 'code');
  const same = async (answers: readonly request.Test[]) => {
    const seen: object[] = [];
    for (const sent of answers) {
      const { status, body } = await observe(() => sent);
      seen.push({ status, body: { ...Object(body), instance: '' } });
    }
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    return seen[0];
  };

  it('has one answer, whether it is unknown, altered or expired: links of mails, invites and exports', async () => {
    const user = await app.user('team', 2);
    const database = app.nest.get(Database);
    await app.call('post', '/auth/email/verification', user).expect(204);
    const { body: outbox } = await app.call('get', '/admin/outbox', await app.admin()).expect(200);
    const [, mailed = ''] = /#token=([\w-]{43})/.exec(outbox.mails[0].text) ?? [];
    const verify = (token: string) => app.call('post', '/auth/email/verify').send({ token });
    const reset = (token: string) => app.call('post', '/auth/password/reset').send({ token, new_password: PASSWORD });
    const unknown = randomBytes(32).toString('base64url');
    expect(await same([reset(unknown), reset(mailed), reset('x')])).toMatchObject({ status: 401 });
    await database.query('UPDATE account_tokens SET expires_at = now() WHERE user_id = $1', [user.id]);
    expect(await same([verify(unknown), verify(mailed), verify(`${mailed}x`)])).toMatchObject({ status: 401 });
    const accept = (token: string) => app.call('post', `/invites/${token}/accept`, user);
    expect(await same([accept(unknown), accept('x'), accept(mailed)])).toMatchObject({ status: 404 });
    const download = (token: string) => app.call('get', `/export-downloads/${token}`);
    const forged = `${randomUUID()}.${Date.now() + 60_000}.${unknown}`;
    expect(await same([download(unknown), download('x'), download(forged)])).toMatchObject({ status: 404 });
    const exchange = (value: string) =>
      app.call('post', '/auth/sso/exchange').send({ code: value, code_verifier: 'v'.repeat(43) });
    expect(await same([exchange(unknown), exchange(mailed)])).toMatchObject({ status: 401 });
  });

  it('has one answer after the same statements: a passkey that is unknown, of another user, or signs wrongly', async () => {
    const authenticator = new SoftwareAuthenticator(ORIGIN);
    const user = await app.user();
    const { body } = await app.call('post', '/auth/passkeys/register/options', user).expect(200);
    await app.call('post', '/auth/passkeys/register', user).send(authenticator.create(body)).expect(201);
    const login = async (one: SoftwareAuthenticator, change: object = {}) => {
      const { body: options } = await app.call('post', '/auth/passkeys/login/options').expect(200);
      const assertion = one.get({ ...options, ...change });
      return observe(() => app.call('post', '/auth/passkeys/login').send(assertion));
    };
    const answers = [await login(new SoftwareAuthenticator(ORIGIN)), await login(authenticator, { rpId: 'x.example' })];
    const [unknown, wrong] = answers.map(({ status, body: text, statements: done }) => ({ status, text, done }));
    expect(wrong).toEqual(unknown);
    expect([unknown?.status, code(unknown?.text)]).toEqual([401, 'invalid_credentials']);
  });
});
