import { generateKeyPairSync, sign } from 'node:crypto';
import type request from 'supertest';
import { AUDIT_ACTIONS } from '@adiuva/audit';
import { checksumOf, Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { totpCode } from '../../libs/auth/src/factors/totp';
import { AGENT_SECRET, HMAC_SECRET, SignedCall } from '../gateway/signed-call';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';

const ORIGIN = 'https://adiuva.example';
const KEYRING = Buffer.alloc(90, 1).toString('base64');

interface Event {
  readonly action: string;
  readonly details: Record<string, unknown> | null;
}

interface Mail {
  readonly to: string;
  readonly text: string;
}

/** Actions that other specs prove, through the wire or the command that causes them. */
const PROVED_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'test/teams/sso-attacks.spec.ts': [
    'sso.changed',
    'sso.deleted',
    'sso.enforced',
    'sso.domain_proved',
    'sso.domain_lost',
  ],
  'test/audit/administration.spec.ts': ['account.disabled', 'account.enabled', 'admin.development_use'],
  'test/apps/admin-commands.spec.ts': [
    'sessions.ended',
    'account.unlocked',
    'account.viewed',
    'admin.created',
    'job.deleted',
  ],
  'test/server-backup': ['server.backed_up', 'server.restored'],
  'test/marketplace': [
    ...['review.claim', 'review.release', 'review.approve', 'review.reject'],
    ...['plugin.unlist', 'plugin.relist', 'plugin.yank', 'payouts.run'],
  ],
};

describe('the audit log records', () => {
  let app: TestApp;
  let admin: TestUser;
  const recorded = new Set<string>();
  beforeAll(async () => {
    app = await TestApp.start({ PUBLIC_URL: ORIGIN, AGENT_JWT_SECRET: AGENT_SECRET, BACKEND_HMAC_SECRET: HMAC_SECRET });
    admin = await app.admin();
    await app.startJobs();
  });
  afterAll(() => app.stop());

  type Method = 'get' | 'post' | 'put' | 'delete';
  const send = (method: Method, path: string, user?: Pick<TestUser, 'accessToken'>, body: object = {}): request.Test =>
    app.call(method, path, user).send(body);
  const eventsOf = async (user: Pick<TestUser, 'accessToken'>): Promise<Event[]> =>
    (await app.call('get', '/audit?limit=100', user).expect(200)).body.events.reverse();
  /** What `work` adds to the log of the user; read by `reader` where the sessions of the user end. */
  async function adds(
    user: TestUser,
    work: () => Promise<unknown>,
    reader: () => Promise<TestUser> = async () => user,
  ) {
    const before = (await eventsOf(user)).length;
    await work();
    const events = (await eventsOf(await reader())).slice(before);
    for (const { action } of events) recorded.add(action);
    return events.map(({ action }) => action);
  }
  const signedIn = async (user: TestUser, password = PASSWORD): Promise<TestUser> => {
    const { body } = await send('post', '/auth/login', undefined, { email: user.email, password }).expect(200);
    return { ...user, accessToken: body.access_token, refreshToken: body.refresh_token };
  };
  const mailedTo = async (address: string, page: string): Promise<string> => {
    const link = new RegExp(`/${page}#token=([\\w-]{43})`);
    let token = '';
    await eventually(async () => {
      const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
      const texts: string[] = body.mails.flatMap(({ to, text }: Mail) => (to === address ? [text] : []));
      token = texts.map((text) => link.exec(text)?.[1] ?? '').find((found) => found !== '') ?? '';
      return token !== '';
    });
    return token;
  };

  it('sign-ins, their failures by each method, and the ends of sessions', async () => {
    const user = await app.user();
    recorded.add('session.started');
    const other = await signedIn(user);
    const { body: sessions } = await app.call('get', '/auth/sessions', user).expect(200);
    const { id } = sessions.find(({ current }: { current: boolean }) => !current);
    expect(await adds(user, () => send('delete', `/auth/sessions/${id}`, user).expect(204))).toEqual(['session.ended']);
    await send('post', '/auth/refresh', undefined, { refresh_token: other.refreshToken }).expect(401);
    const third = await signedIn(user);
    const logout = () => send('post', '/auth/logout', undefined, { refresh_token: third.refreshToken }).expect(204);
    expect(await adds(user, logout)).toEqual(['session.ended']);
    const fourth = await signedIn(user);
    const refresh = () => send('post', '/auth/refresh', undefined, { refresh_token: fourth.refreshToken });
    const { body: pair } = await refresh().expect(200);
    await send('post', '/auth/refresh', undefined, { refresh_token: pair.refresh_token }).expect(200);
    expect(await adds(user, () => refresh().expect(401))).toEqual(['session.reused', 'session.ended']);
  });

  it('failures of a password, a code, a passkey and a signature, with the method alone', async () => {
    const user = await app.user();
    const authenticator = new SoftwareAuthenticator(ORIGIN);
    const { body: creation } = await send('post', '/auth/passkeys/register/options', user).expect(200);
    await send('post', '/auth/passkeys/register', user, authenticator.create(creation)).expect(201);
    const { body: totp } = await send('post', '/auth/totp', user).expect(200);
    const step = Math.floor(app.nest.get(Clock).now().getTime() / 30_000);
    const code = totpCode(secretOf(totp.otpauth_uri), step);
    await send('post', '/auth/totp/confirm', user, { code }).expect(200);
    const { body: options } = await send('post', '/auth/passkeys/login/options').expect(200);
    const foreign = authenticator.get({ ...options, rpId: 'evil.example' });
    const { body: recovery } = await send('post', '/auth/recover', undefined, { email: user.email }).expect(200);
    const signature = sign(null, Buffer.from('x'), generateKeyPairSync('ed25519').privateKey).toString('base64');
    const attempts: readonly [string, string, object][] = [
      ['password', '/auth/login', { email: user.email, password: 'not the one' }],
      ['totp', '/auth/login', { email: user.email, password: PASSWORD, totp: '000000x' }],
      ['passkey', '/auth/passkeys/login', foreign],
      ['recovery', '/auth/recover', { email: user.email, challenge: recovery.challenge, signature }],
    ];
    for (const [method, path, body] of attempts) {
      await send('post', path, undefined, body).expect(401);
      const failures = async () => (await eventsOf(user)).filter(({ action }) => action === 'sign_in.failed');
      await eventually(async () => (await failures()).at(-1)?.details?.['method'] === method);
      expect((await failures()).at(-1)?.details).toEqual({ method });
    }
    recorded.add('sign_in.failed');
  });

  it('second factors and passkeys that are added and removed', async () => {
    const user = await app.user();
    const { body: totp } = await send('post', '/auth/totp', user).expect(200);
    const step = Math.floor(app.nest.get(Clock).now().getTime() / 30_000);
    const confirm = { code: totpCode(secretOf(totp.otpauth_uri), step) };
    let codes: string[] = [];
    const enable = async () =>
      void (codes = (await send('post', '/auth/totp/confirm', user, confirm).expect(200)).body.recovery_codes);
    expect(await adds(user, enable)).toEqual(['totp.enabled']);
    const disable = () => send('delete', '/auth/totp', user, { password: PASSWORD, code: codes[0] }).expect(204);
    expect(await adds(user, disable)).toEqual(['totp.disabled']);
    const { body: creation } = await send('post', '/auth/passkeys/register/options', user).expect(200);
    const passkey = new SoftwareAuthenticator(ORIGIN).create(creation);
    let id = '';
    const register = async () =>
      void (id = (await send('post', '/auth/passkeys/register', user, passkey).expect(201)).body.id);
    expect(await adds(user, register)).toEqual(['passkey.added']);
    expect(await adds(user, () => send('delete', `/auth/passkeys/${id}`, user).expect(204))).toEqual([
      'passkey.deleted',
    ]);
  });

  it('addresses, passwords and keys that change, and by which means', async () => {
    const user = await app.user();
    const verify = (token: string) => send('post', '/auth/email/verify', undefined, { token }).expect(204);
    await send('post', '/auth/email/verification', user).expect(204);
    const link = await mailedTo(user.email, 'verify-email');
    expect(await adds(user, () => verify(link))).toEqual(['email.verified']);
    const email = `moved-${user.email}`;
    await send('post', '/auth/email', user, { email, password: PASSWORD }).expect(202);
    const changed = await mailedTo(email, 'verify-email');
    expect(await adds(user, () => verify(changed))).toEqual(['email.changed']);
    const moved = { ...user, email };
    const keyring = () =>
      send('put', '/auth/keyring', user, { keyring: KEYRING }).set('If-None-Match', '*').expect(200);
    expect(await adds(user, keyring)).toEqual(['keyring.changed']);
    const next = 'a longer walk by the sea';
    const password = () => send('post', '/auth/password', user, { current_password: PASSWORD, new_password: next });
    expect(await adds(user, () => password().expect(204))).toEqual(['password.changed']);
    await send('post', '/auth/password/forgot', undefined, { email }).expect(202);
    const reset = { token: await mailedTo(email, 'reset-password'), new_password: PASSWORD };
    const actions = await adds(
      user,
      () => send('post', '/auth/password/reset', undefined, reset).expect(200),
      () => signedIn(moved),
    );
    expect(actions).toEqual(['password.reset', 'session.ended', 'session.started']);
    const device = { name: 'Laptop', public_key: Buffer.alloc(32, user.id).toString('base64') };
    const session = await signedIn(moved);
    let id = '';
    const add = async () => void (id = (await send('post', '/devices', session, device).expect(200)).body.id);
    expect(await adds(session, add)).toEqual(['device.added']);
    expect(await adds(session, () => send('delete', `/devices/${id}`, session).expect(200))).toEqual([
      'device.deleted',
    ]);
  });

  it('a recovery by the words of the user', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const recovery_key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
    const email = `words-${Date.now()}@example.org`;
    const account = { email, password: PASSWORD, recovery_key };
    const { body: tokens } = await send('post', '/auth/register', undefined, account).expect(201);
    const user = { id: '', email, password: PASSWORD, accessToken: tokens.access_token, refreshToken: '' };
    const { body } = await send('post', '/auth/recover', undefined, { email }).expect(200);
    const lines = ['adiuva account recovery 1', 'reset', body.challenge];
    const digests = [checksumOf(Buffer.from(PASSWORD)), checksumOf(Buffer.from(KEYRING, 'base64'))];
    const content = [...lines, ...digests, ''].join('\n');
    const signature = sign(null, Buffer.from(content), privateKey).toString('base64');
    const fields = { email, challenge: body.challenge, signature, new_password: PASSWORD, keyring: KEYRING };
    const actions = await adds(
      user,
      () => send('post', '/auth/recover', undefined, fields).expect(200),
      () => signedIn(user),
    );
    expect(actions).toEqual(['password.recovered', 'session.ended', 'session.started', 'session.started']);
  });

  it('agent tokens and each call of the gateway, with the tool and the run', async () => {
    const user = await app.user('power');
    const issue = async () =>
      (await send('post', '/auth/agent-token', user, { scopes: ['tools:*'] }).expect(200)).body.token;
    let token = '';
    expect(await adds(user, async () => void (token = await issue()))).toEqual(['agent_token.issued']);
    const call = (name: string, args: object) => async () =>
      new SignedCall(app, 'post', `/gateway/tools/${name}`).with({ body: { arguments: args }, token }).send();
    for (const [name, args, hasRun] of [
      ['create_task', { title: 'x' }, true],
      ['list_tasks', {}, true],
      ['remember', { content: 'x' }, false],
    ] as const) {
      expect(await adds(user, call(name, args))).toEqual(['gateway.tool_called']);
      const details = (await eventsOf(user)).at(-1)?.details;
      expect([details?.['tool'], typeof details?.['run_id'] === 'string']).toEqual([name, hasRun]);
    }
    expect(await adds(user, call('create_task', { title: 7 }))).toEqual([]);
  });

  it('exports, own providers and tiers', async () => {
    const user = await app.user();
    let id = '';
    const request = async () =>
      void (id = (await send('post', '/exports', user, { password: PASSWORD }).expect(202)).body.id);
    expect(await adds(user, request)).toEqual(['export.requested']);
    const state = async () => (await app.call('get', `/exports/${id}`, user).expect(200)).body;
    await eventually(async () => (await state()).status === 'ready');
    const path = new URL((await state()).download_url).pathname.replace('/api/v1', '');
    expect(await adds(user, () => app.call('get', path).expect(200))).toEqual(['export.downloaded']);
    const key = { api_key: 'sk-of-the-user-0123456789' };
    expect(await adds(user, () => send('put', '/providers/openai', user, key).expect(200))).toEqual(['provider.set']);
    expect(await adds(user, () => send('delete', '/providers/openai', user).expect(204))).toEqual(['provider.deleted']);
    const tier = () => app.call('patch', `/admin/users/${user.id}`, admin).send({ tier: 'pro' }).expect(200);
    expect(await adds(user, tier)).toEqual(['tier.changed']);
  });

  it('a seat of a team as a change of the tier, for the member who takes it and by whom it is freed', async () => {
    const [owner, guest] = [await app.user('team', 1), await app.user()];
    const { body: team } = await send('post', '/teams', owner, { name: 'Blue' }).expect(201);
    await send('post', `/teams/${team.id}/invites`, owner, { email: guest.email, role: 'member' }).expect(201);
    const token = await mailedTo(guest.email, 'accept-invite');
    const join = () => send('post', `/invites/${token}/accept`, guest).expect(200);
    const leave = () => send('delete', `/teams/${team.id}/members/${guest.id}`, owner).expect(204);
    expect([await adds(guest, join), await adds(guest, leave)]).toEqual([['tier.changed'], ['tier.changed']]);
    const { body } = await app.call('get', '/audit', guest).expect(200);
    expect(body.events.slice(0, 2)).toMatchObject([
      { by: 'other', details: { tier: 'free', cause: 'seat' } },
      { by: 'self', details: { tier: 'team', cause: 'seat' } },
    ]);
  });

  it('what administrators do, under their name', async () => {
    const database = app.nest.get(Database);
    const [job] = await database.query<{ id: string }>(
      `SELECT id::text FROM graphile_worker.add_job('broken', '{}', max_attempts := 1)`,
    );
    await database.query(`UPDATE graphile_worker._private_jobs SET attempts = 1 WHERE id = $1`, [job?.id]);
    await send('post', `/admin/jobs/${job?.id}/retry`, admin).expect(200);
    const { body } = await app.call('get', `/admin/audit?action=job.retried&actor=${admin.id}`, admin).expect(200);
    expect(body.events).toHaveLength(1);
    recorded.add('job.retried');
  });

  it('an account that is erased, of which nothing but that remains', async () => {
    const user = await app.user();
    await send('delete', '/auth/account', user, { password: PASSWORD }).expect(202);
    const sql = `SELECT 1 FROM audit_events WHERE action = 'account.erased'`;
    expect(await app.nest.get(Database).query(sql)).toHaveLength(1);
    recorded.add('account.erased');
  });

  it('nothing else: each action is proved here or named with its spec', () => {
    const elsewhere = Object.values(PROVED_ELSEWHERE).flat();
    expect([...recorded].filter((action) => elsewhere.includes(action))).toEqual([]);
    expect([...recorded, ...elsewhere].sort()).toEqual([...AUDIT_ACTIONS].sort());
  });
});
