import { Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { PASSWORD, TestApp, type TestUser } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { otpauthUri, stepOfCode, totpCode } from '../../libs/auth/src/factors/totp';

const STEP_MS = 30_000;

describe('a code of RFC 6238', () => {
  const secret = Buffer.from('12345678901234567890');

  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i is that of its test vector', (second, code) => {
    expect(totpCode(secret, Math.floor(second / 30))).toBe(code);
  });

  test('is accepted one step early and late, and not two', () => {
    const at = (step: number) => stepOfCode(secret, totpCode(secret, 100), new Date(step * STEP_MS));
    expect([98, 99, 100, 101, 102].map(at)).toEqual([undefined, 100, 100, 100, undefined]);
  });

  test('has an address that names the account and the parameters', () => {
    const uri = new URL(otpauthUri(secret, 'a b@example.org'));
    expect(decodeURIComponent(uri.pathname)).toContain('Adiuva:a b@example.org');
    expect(secretOf(uri.href)).toEqual(secret);
    expect(uri.searchParams.get('digits')).toBe('6');
  });
});

describe('the second factor', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start({ AUTH_LIMIT_PER_ACCOUNT: '10' })));
  afterAll(() => app.stop());

  const login = (user: TestUser, totp?: string) =>
    app
      .call('post', '/auth/login')
      .send({ email: user.email, password: PASSWORD, ...(totp === undefined ? {} : { totp }) });
  /** The code of the next step is valid too, so that a test has two. */
  const codeOf = (secret: Buffer, step = 0) =>
    totpCode(secret, Math.floor(app.nest.get(Clock).now().getTime() / STEP_MS) + step);

  async function enabled(): Promise<{ user: TestUser; secret: Buffer; codes: string[] }> {
    const user = await app.user();
    const { body } = await app.call('post', '/auth/totp', user).expect(200);
    const secret = secretOf(body.otpauth_uri);
    const code = codeOf(secret);
    const confirmed = await app.call('post', '/auth/totp/confirm', user).send({ code }).expect(200);
    return { user, secret, codes: confirmed.body.recovery_codes };
  }

  test('is asked for only once it is confirmed, and only when the password is right', async () => {
    const user = await app.user();
    const { body } = await app.call('post', '/auth/totp', user).expect(200);
    await login(user).expect(200);
    const code = codeOf(secretOf(body.otpauth_uri));
    const { body: confirmed } = await app.call('post', '/auth/totp/confirm', user).send({ code }).expect(200);
    expect(new Set(confirmed.recovery_codes).size).toBe(10);
    expect((await login(user).expect(401)).body.code).toBe('totp_required');
    const nothing = { email: user.email, password: PASSWORD, totp: null };
    expect((await app.call('post', '/auth/login').send(nothing).expect(401)).body.code).toBe('totp_required');
    const wrong = await app.call('post', '/auth/login').send({ email: user.email, password: 'some other password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await app.call('get', '/auth/me', user).expect(200)).body.totp_enabled).toBe(true);
  });

  test('accepts a code once, of any number of concurrent sign-ins', async () => {
    const { user, secret } = await enabled();
    const code = codeOf(secret, 1);
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(user, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(401)]);
    await login(user, codeOf(secret, 0)).expect(401);
  });

  test.each([
    [-2, 401],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 401],
  ])('answers a code of %i steps from now with %i', async (steps, status) => {
    const { user, secret } = await enabled();
    await app.nest.get(Database).query('UPDATE totp_secrets SET last_step = 0 WHERE user_id = $1', [user.id]);
    const clock = jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(new Date());
    expect((await login(user, codeOf(secret, steps))).status).toBe(status);
    clock.mockRestore();
  });

  test('accepts each recovery code once, however it is written', async () => {
    const { user, codes } = await enabled();
    const [first = '', second = ''] = codes;
    await login(user, first.toLowerCase().replaceAll('-', ' ')).expect(200);
    await login(user, first).expect(401);
    await login(user, second).expect(200);
  });

  test('allows ten wrong codes an account, and then not the right one either', async () => {
    const { user, codes } = await enabled();
    for (let guess = 0; guess < 10; guess += 1) await login(user, '000000x').expect(401);
    expect((await login(user, codes[0])).status).toBe(429);
  });

  test('refuses a wrong code at its confirmation and asks for none afterwards', async () => {
    const user = await app.user();
    await app.call('post', '/auth/totp/confirm', user).send({ code: '123456' }).expect(409);
    await app.call('post', '/auth/totp', user).expect(200);
    const { body } = await app.call('post', '/auth/totp/confirm', user).send({ code: 'abcdef' }).expect(422);
    expect(body.code).toBe('wrong_code');
    await login(user).expect(200);
  });

  test('is set up once, and removed with password and code only', async () => {
    const { user, codes } = await enabled();
    await app.call('post', '/auth/totp', user).expect(409);
    const remove = (body: object) => app.call('delete', '/auth/totp', user).send(body);
    await remove({ password: 'some other password', code: codes[0] }).expect(401);
    await remove({ password: PASSWORD, code: '000000' }).expect(401);
    await remove({ password: PASSWORD, code: codes[0] }).expect(204);
    await login(user).expect(200);
    await remove({ password: PASSWORD, code: codes[1] }).expect(404);
    await app.call('post', '/auth/totp', user).expect(200);
  });

  test('keeps neither secret nor codes in plaintext', async () => {
    const { user, secret, codes } = await enabled();
    const dump = JSON.stringify(
      await Promise.all(
        ['totp_secrets', 'totp_recovery_codes'].map((table) =>
          app.nest.get(Database).query(`SELECT t::text FROM ${table} t WHERE user_id = $1`, [user.id]),
        ),
      ),
    );
    expect(dump).toContain(user.id);
    for (const bytes of [secret, ...codes.map((code) => Buffer.from(code))]) {
      for (const form of [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('utf8')])
        expect(dump).not.toContain(form);
    }
    expect(codes.filter((code) => app.log.join('').includes(code))).toEqual([]);
  });
});
