import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { AdiuvaClient } from '@adiuva/client';
import request from 'supertest';
import { checksumOf, Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { totpCode } from '../../libs/auth/src/factors/totp';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { DnsServer } from '../support/fakes/dns-server';
import { ForgingIssuer } from '../support/fakes/forging-issuer';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import { sdkClient } from '../client/support/sdk-user';
import { OpenIdProviderProcess } from '../support/processes/openid-providers';

const PUBLIC_URL = 'https://adiuva.example';
const CALLBACK = `${PUBLIC_URL}/api/v1/auth/sso/callback`;
const REDIRECT = 'http://127.0.0.1:49152/sso';
const SECRET = 'a secret of the client';

let app: TestApp;
let dns: DnsServer;
let providers: OpenIdProviderProcess;
let forger: ForgingIssuer;
beforeAll(async () => {
  [dns, providers, forger] = await Promise.all([
    DnsServer.start(),
    OpenIdProviderProcess.start(CALLBACK),
    ForgingIssuer.start(),
  ]);
  const hosts = [...providers.issuers, forger.url].map((issuer) => new URL(issuer).host);
  app = await TestApp.start({ PUBLIC_URL, SSO_PRIVATE_HOSTS: hosts.join(), SSO_DNS_SERVERS: dns.address });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await Promise.all([dns.stop(), providers.stop(), forger.stop()]);
});

interface SsoTeam {
  readonly owner: TestUser;
  readonly id: string;
  readonly domain: string;
}

interface Settings {
  readonly issuer?: string;
  readonly enforce?: boolean;
  readonly seats?: number;
}

const settingsOf = (domain: string, { issuer = providers.issuers[0], enforce = false }: Settings = {}) => ({
  issuer,
  client_id: 'adiuva',
  client_secret: SECRET,
  domains: [domain],
  enforce,
});

/** Publishes the record that proves the domain. */
async function prove({ owner, id }: Pick<SsoTeam, 'owner' | 'id'>): Promise<void> {
  const { body } = await app.call('get', `/teams/${id}/sso`, owner).expect(200);
  for (const { txt_name: name, txt_value: value } of body.domains) dns.texts.set(name, [value]);
  const after = await app.call('get', `/teams/${id}/sso`, owner).expect(200);
  expect(after.body.domains).toEqual([expect.objectContaining({ proved: true })]);
}

async function team(seats = 3): Promise<Pick<SsoTeam, 'owner' | 'id'>> {
  const owner = await app.user('team', seats);
  const { body } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
  return { owner, id: body.id };
}

async function ssoTeam(settings: Settings = {}): Promise<SsoTeam> {
  const made = await team(settings.seats);
  const domain = `d${randomBytes(6).toString('hex')}.example`;
  await app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf(domain, settings)).expect(200);
  await prove(made);
  return { ...made, domain };
}

/** A browser and the app that has opened it. */
class Device {
  readonly verifier = randomBytes(32).toString('base64url');
  readonly state = randomBytes(16).toString('base64url');
  private readonly cookies = new Map<string, string>();

  /** The address at the provider that the browser is sent to. */
  async start(email: string, redirectUri = REDIRECT): Promise<URL> {
    const challenge = createHash('sha256').update(this.verifier).digest('base64url');
    const query = new URLSearchParams({
      email,
      redirect_uri: redirectUri,
      code_challenge: challenge,
      state: this.state,
    });
    return this.open(new URL(`${app.url}/api/v1/auth/sso/start?${query}`));
  }

  async open({ search }: URL): Promise<URL> {
    const { headers } = await app.call('get', `/auth/sso/start${search}`).expect(302);
    this.keep(headers['set-cookie']);
    return new URL(String(headers['location']));
  }

  /** Signs in at the provider: the callback URL with its response. */
  async signInAt(provider: URL, hint?: object): Promise<URL> {
    let url = new URL(provider);
    if (hint) url.searchParams.set('login_hint', JSON.stringify(hint));
    const jar = new Map<string, string>();
    for (let hops = 0; hops < 8 && !url.href.startsWith(CALLBACK); hops += 1) {
      const { status, headers } = await request(url.origin)
        .get(url.pathname + url.search)
        .set('Cookie', [...jar.values()].join('; '));
      expect([302, 303]).toContain(status);
      for (const cookie of [headers['set-cookie'] ?? []].flat())
        jar.set(cookie.split('=')[0] ?? '', cookie.split(';')[0] ?? '');
      url = new URL(String(headers['location']), url);
    }
    return url;
  }

  callback(url: URL, cookies = this.cookies): request.Test {
    return app
      .call('get', `/auth/sso/callback${url.search}`)
      .set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
  }

  /** The query that the app gets. */
  async receive(url: URL): Promise<URLSearchParams> {
    const { headers } = await this.callback(url).expect(302);
    expect(headers['location']).toContain(`${REDIRECT}?`);
    return new URL(String(headers['location'])).searchParams;
  }

  async answer(email: string, hint?: object): Promise<URLSearchParams> {
    return this.receive(await this.signInAt(await this.start(email), hint));
  }

  exchange(code: string | null, fields: object = {}): request.Test {
    return app.call('post', '/auth/sso/exchange').send({ code, code_verifier: this.verifier, ...fields });
  }

  private keep(lines: unknown): void {
    for (const line of [lines ?? []].flat()) {
      expect(line).toMatch(/; Path=\/api\/v1\/auth\/sso\/callback; .*HttpOnly; Secure; SameSite=Lax$/);
      const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(String(line)) ?? [];
      this.cookies.set(name, value);
    }
  }
}

async function signedIn(email: string, hint?: object): Promise<TestUser> {
  const device = new Device();
  const answer = await device.answer(email, hint);
  const { body } = await device.exchange(answer.get('code')).expect(200);
  const accessToken = body.access_token;
  const profile = await app.call('get', '/auth/me', { accessToken }).expect(200);
  return { id: profile.body.id, email, password: '', accessToken, refreshToken: body.refresh_token };
}

/** The error that the app gets. */
const refusal = async (email: string, hint?: object) => (await new Device().answer(email, hint)).get('error');

const addressIn = ({ domain }: SsoTeam) => `u${randomBytes(6).toString('hex')}@${domain}`;

/** A member with a password, whose address is in the domain. */
async function member(made: SsoTeam, verified = true, fields: object = {}): Promise<TestUser> {
  const email = addressIn(made);
  const { body } = await app
    .call('post', '/auth/register')
    .send({ email, password: PASSWORD, ...fields })
    .expect(201);
  const accessToken = body.access_token;
  const { id } = (await app.call('get', '/auth/me', { accessToken }).expect(200)).body;
  const invite = { email, role: 'member' };
  await app.call('post', `/teams/${made.id}/invites`, made.owner).send(invite).expect(201);
  const { body: outbox } = await app.call('get', '/admin/outbox', await app.admin()).expect(200);
  const [, token = ''] = /#token=([\w-]{43})/.exec(outbox.mails[0].text) ?? [];
  await app.call('post', `/invites/${token}/accept`, { accessToken }).expect(200);
  if (verified) await app.nest.get(Database).query('UPDATE users SET email_verified_at = now() WHERE id = $1', [id]);
  return { id, email, password: PASSWORD, accessToken, refreshToken: body.refresh_token };
}

const KEYRING = Buffer.alloc(90, 1).toString('base64');
const rawKey = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

/** A reset by the key of the recovery words. */
async function resetOf(email: string, { privateKey }: { readonly privateKey: KeyObject }): Promise<object> {
  const { body } = await app.call('post', '/auth/recover').send({ email }).expect(200);
  const { challenge } = body;
  const digests = [checksumOf(Buffer.from(PASSWORD)), checksumOf(Buffer.from(KEYRING, 'base64'))];
  const lines = ['adiuva account recovery 1', 'reset', challenge, ...digests, ''].join('\n');
  const signature = sign(null, Buffer.from(lines), privateKey).toString('base64');
  return { email, challenge, signature, new_password: PASSWORD, keyring: KEYRING };
}

const login = (email: string) => app.call('post', '/auth/login').send({ email, password: PASSWORD });

describe('the settings of single sign-on', () => {
  it('are set by the owner of a team with the feature, name the proof of each domain, and never return the secret', async () => {
    const made = await team();
    const path = `/teams/${made.id}/sso`;
    await app.call('get', path, made.owner).expect(404);
    const { body } = await app.call('put', path, made.owner).send(settingsOf('Exämple.test.')).expect(200);
    const proof = {
      txt_name: '_adiuva-sso.xn--exmple-cua.test',
      txt_value: expect.stringMatching(/^adiuva-sso=.{43}$/),
    };
    expect(body).toEqual({
      issuer: providers.issuers[0],
      client_id: 'adiuva',
      domains: [{ domain: 'xn--exmple-cua.test', proved: false, ...proof }],
      enforce: false,
      callback_url: CALLBACK,
      locked: false,
    });
    expect(JSON.stringify(body)).not.toContain(SECRET);
    const { client_secret: _, ...kept } = settingsOf('xn--exmple-cua.test', { enforce: true });
    expect((await app.call('put', path, made.owner).send(kept).expect(200)).body.enforce).toBe(true);
    const { body: moved } = await app
      .call('put', path, made.owner)
      .send({ ...kept, client_id: 'other' })
      .expect(400);
    expect(moved.errors[0].field).toBe('client_secret');
    await app.call('delete', path, made.owner).expect(204);
    await app.call('delete', path, made.owner).expect(404);
  });

  it('are not there for strangers, and not for members and administrators to read or change', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    await app.call('patch', `/teams/${made.id}/members/${guest.id}`, made.owner).send({ role: 'admin' }).expect(200);
    const stranger = await app.user('team');
    for (const [user, status] of [
      [guest, 403],
      [stranger, 404],
    ] as const) {
      await app.call('get', `/teams/${made.id}/sso`, user).expect(status);
      await app.call('put', `/teams/${made.id}/sso`, user).send(settingsOf(made.domain)).expect(status);
      await app.call('delete', `/teams/${made.id}/sso`, user).expect(status);
    }
  });

  it('are kept but locked when the subscription ends: neither used nor enforced', async () => {
    const made = await ssoTeam({ enforce: true });
    const guest = await member(made);
    await login(guest.email).expect(401);
    await app.setTier(made.owner.id, 'free');
    expect((await app.call('get', `/teams/${made.id}/sso`, made.owner).expect(200)).body.locked).toBe(true);
    const { body } = await app
      .call('put', `/teams/${made.id}/sso`, made.owner)
      .send(settingsOf(made.domain))
      .expect(402);
    expect(body.required_tier).toBe('team');
    await login(guest.email).expect(200);
    const query = `email=${guest.email}&redirect_uri=${REDIRECT}&code_challenge=${'a'.repeat(43)}`;
    await app.call('get', `/auth/sso/start?${query}`).expect(404);
    await app.setTier(made.owner.id, 'team', 3);
    await login(guest.email).expect(401);
  });

  it('refuse issuers that are not public https addresses, or that redirect elsewhere', async () => {
    const made = await team();
    const put = (issuer: string) =>
      app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf('a.example', { issuer }));
    for (const issuer of [
      'http://example.org',
      'https://127.0.0.1',
      'https://2130706433',
      'https://[::1]',
      'https://[::ffff:10.0.0.1]',
      'https://169.254.169.254',
      'https://10.0.0.1:8443/x',
      'https://user:pass@example.org',
      `${providers.issuers[0]}?x=1`,
      'ftp://example.org',
      'no url',
    ])
      expect([issuer, (await put(issuer)).body.errors?.[0].field]).toEqual([issuer, 'issuer']);
    // A name is decided when the connection is made.
    await put(`https://localhost:${app.port}`).expect(502);
    forger.redirect = `${app.url}/api/v1/health`;
    await put(forger.url).expect(502);
    forger.redirect = undefined;
  });

  it('prove a domain for one team at a time; another team gets it when the record of the first is gone', async () => {
    const first = await ssoTeam();
    const second = await team();
    const path = `/teams/${second.id}/sso`;
    await app.call('put', path, second.owner).send(settingsOf(first.domain)).expect(200);
    const { body } = await app.call('get', path, second.owner).expect(200);
    const [{ txt_name: name, txt_value: value }] = body.domains;
    dns.texts.set(name, [...(dns.texts.get(name) ?? []), value]);
    await app.call('get', path, second.owner).expect(409);
    dns.texts.set(name, [value]);
    expect((await app.call('get', path, second.owner).expect(200)).body.domains[0].proved).toBe(true);
    expect((await app.call('get', `/teams/${first.id}/sso`, first.owner).expect(200)).body.domains[0].proved).toBe(
      false,
    );
  });
});

describe('a single sign-on', () => {
  it('makes an account with a confirmed address and a seat, and opens the same one afterwards, also with another address', async () => {
    const made = await ssoTeam();
    const email = addressIn(made);
    const first = await signedIn(email, { sub: 'anna', email, email_verified: true, name: 'Anna' });
    const { body } = await app.call('get', '/auth/me', first).expect(200);
    expect(body).toMatchObject({ email, tier: 'team', email_verified: true });
    const members = await app.call('get', `/teams/${made.id}/members`, made.owner).expect(200);
    expect(members.body).toMatchObject([{ user_id: first.id, email, name: 'Anna', role: 'member' }]);
    const again = await signedIn(email, { sub: 'anna', email: 'anna@elsewhere.example' });
    expect(again.id).toBe(first.id);
  });

  it('works over app://, the IPv6 loopback and any port, and refuses every other redirect URI', async () => {
    const made = await ssoTeam();
    const email = addressIn(made);
    for (const uri of ['app://adiuva/sso', 'http://[::1]:5000/', 'http://127.0.0.1:1/a?b=c']) {
      const device = new Device();
      const { headers } = await device.callback(await device.signInAt(await device.start(email, uri))).expect(302);
      const location = String(headers['location']);
      expect(location.startsWith(uri)).toBe(true);
      await device.exchange(new URL(location).searchParams.get('code')).expect(200);
    }
    for (const uri of [
      'https://evil.example/',
      'http://localhost:5000/',
      'http://127.0.0.1/',
      'http://127.0.0.1:80@evil.example/',
      'http://127.0.0.1.evil.example:80/',
      'app://adiuva/sso/../x',
      'app://evil/sso',
      'javascript:alert(1)',
    ]) {
      const query = new URLSearchParams({ email, redirect_uri: uri, code_challenge: 'a'.repeat(43) });
      const { body } = await app.call('get', `/auth/sso/start?${query}`).expect(400);
      expect([uri, body.errors[0].field]).toEqual([uri, 'redirect_uri']);
    }
  });

  it('does the same for every address of a domain, and the same for every domain without single sign-on', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    const start = (email: string) =>
      app.call(
        'get',
        `/auth/sso/start?${new URLSearchParams({ email, redirect_uri: REDIRECT, code_challenge: 'a'.repeat(43) })}`,
      );
    const [known, unknown] = [await start(guest.email), await start(`unknown@${made.domain}`)];
    expect([known.status, unknown.status]).toEqual([302, 302]);
    const { request_id: _, ...other } = (await start('a@no.example').expect(404)).body;
    const { request_id: __, ...own } = (await start(made.owner.email).expect(404)).body;
    expect({ ...own, instance: '' }).toEqual({ ...other, instance: '' });
  });

  it('links a member with a confirmed address once, and no other account', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    expect((await signedIn(guest.email)).id).toBe(guest.id);
    expect(await refusal(guest.email, { sub: 'another person', email: guest.email })).toBe('forbidden');
    const unverified = await member(made, false);
    expect(await refusal(unverified.email)).toBe('email_unverified');
    const outsider = addressIn(made);
    await app.call('post', '/auth/register').send({ email: outsider, password: PASSWORD }).expect(201);
    expect(await refusal(outsider)).toBe('forbidden');
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, made.owner).expect(204);
    expect(await refusal(guest.email)).toBe('forbidden');
  });

  it('is for addresses of proved domains that the provider has verified, while a seat is free', async () => {
    const made = await ssoTeam({ seats: 1 });
    const email = addressIn(made);
    expect(await refusal(email, { sub: 'a', email: 'victim@example.org', email_verified: true })).toBe('forbidden');
    expect(await refusal(email, { sub: 'a', email: `victim@sub.${made.domain}` })).toBe('forbidden');
    expect(await refusal(email, { sub: 'a', email, email_verified: false })).toBe('forbidden');
    expect(await refusal(email, { sub: 'a' })).toBe('forbidden');
    await signedIn(email);
    expect(await refusal(addressIn(made))).toBe('no_seat');
  });

  it('asks for the second factor that the user has turned on here, and keeps the code until it is given', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    const { body } = await app.call('post', '/auth/totp', guest).expect(200);
    const step = Math.floor(app.nest.get(Clock).now().getTime() / 30_000);
    const confirmation = { code: totpCode(secretOf(body.otpauth_uri), step) };
    const { body: codes } = await app.call('post', '/auth/totp/confirm', guest).send(confirmation).expect(200);
    const device = new Device();
    const code = (await device.answer(guest.email)).get('code');
    expect((await device.exchange(code).expect(401)).body.code).toBe('totp_required');
    await device.exchange(code, { totp: '000000' }).expect(401);
    await device.exchange(code, { totp: codes.recovery_codes[0] }).expect(200);
    await device.exchange(code, { totp: codes.recovery_codes[1] }).expect(401);
  });

  it('with the provider down reports it, and leaves the password as configured', async () => {
    const made = await ssoTeam({ issuer: forger.url });
    const guest = await member(made);
    const device = new Device();
    const provider = await device.start(guest.email);
    forger.nonce = provider.searchParams.get('nonce') ?? '';
    forger.isDown = true;
    const back = `${CALLBACK}?code=x&state=${provider.searchParams.get('state')}`;
    expect((await device.receive(new URL(back))).get('error')).toBe('upstream_failed');
    forger.isDown = false;
    await login(guest.email).expect(200);
    await app
      .call('put', `/teams/${made.id}/sso`, made.owner)
      .send(settingsOf(made.domain, { issuer: forger.url, enforce: true }))
      .expect(200);
    expect((await login(guest.email).expect(401)).body.code).toBe('sso_required');
    await login(made.owner.email).expect(200);
  });
});

describe('the client of the SDK', () => {
  it('signs in by single sign-on, and opens encrypted data with a password that the server never gets, or with the words', async () => {
    const made = await ssoTeam();
    const email = addressIn(made);
    const signIn = async (): Promise<AdiuvaClient> => {
      const client = sdkClient(app);
      const attempt = await client.sso.begin(email, REDIRECT);
      const browser = new Device();
      const provider = await browser.open(new URL(attempt.url));
      const { headers } = await browser.callback(await browser.signInAt(provider)).expect(302);
      const redirect = String(headers['location']);
      const other = redirect.replace(/state=[^&]+/, 'state=of-another');
      await expect(attempt.finish(other)).rejects.toMatchObject({ name: 'SsoRefused', code: 'sso_failed' });
      expect((await attempt.finish(redirect)).email).toBe(email);
      return client;
    };
    const { vault, recoveryWords } = await (await signIn()).sso.createKeys(PASSWORD);
    const second = await signIn();
    expect((await second.sso.unlock(PASSWORD)).vault.key('records')).toEqual(vault.key('records'));
    expect((await second.account.unlock(recoveryWords)).vault.key('records')).toEqual(vault.key('records'));
    await expect(second.account.signIn({ email, password: PASSWORD })).rejects.toMatchObject({ status: 401 });
  });
});

describe('an enforced single sign-on', () => {
  it('leaves members no password, passkey or recovery of their own, and says so after the right password alone', async () => {
    const made = await ssoTeam();
    const key = generateKeyPairSync('ed25519');
    const guest = await member(made, true, { recovery_key: rawKey(key.publicKey) });
    await app.call('put', '/auth/keyring', guest).send({ keyring: KEYRING }).expect(200);
    const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
    const options = await app.call('post', '/auth/passkeys/register/options', guest).expect(200);
    await app.call('post', '/auth/passkeys/register', guest).send(authenticator.create(options.body)).expect(201);
    await app
      .call('put', `/teams/${made.id}/sso`, made.owner)
      .send(settingsOf(made.domain, { enforce: true }))
      .expect(200);
    expect((await login(guest.email).expect(401)).body.code).toBe('sso_required');
    const wrong = await app.call('post', '/auth/login').send({ email: guest.email, password: 'another password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    const request = await app.call('post', '/auth/passkeys/login/options').expect(200);
    const { body } = await app.call('post', '/auth/passkeys/login').send(authenticator.get(request.body)).expect(401);
    expect(body.code).toBe('sso_required');
    const recovered = await app.call('post', '/auth/recover').send(await resetOf(guest.email, key));
    expect([recovered.status, recovered.body.code]).toEqual([401, 'sso_required']);
    expect((await signedIn(guest.email)).id).toBe(guest.id);
    await login(made.owner.email).expect(200);
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, made.owner).expect(204);
    await login(guest.email).expect(200);
  });

  it('does not hold for members whose address is in no proved domain', async () => {
    const made = await ssoTeam({ enforce: true });
    const guest = await member({ ...made, domain: 'example.org' });
    await login(guest.email).expect(200);
  });
});

describe('an attack on a single sign-on', () => {
  it('login CSRF: a response in a browser that began no sign-in, or another one, is refused', async () => {
    const made = await ssoTeam();
    const attacker = new Device();
    const response = await attacker.signInAt(await attacker.start(addressIn(made)));
    const { body } = await app.call('get', `/auth/sso/callback${response.search}`).expect(401);
    expect(body.code).toBe('sso_failed');
    const victim = new Device();
    await victim.start(addressIn(made));
    await victim.callback(response).expect(401);
    await attacker.receive(response);
  });

  it('code substitution: a code of the provider that another sign-in received is refused, and so is one of ours', async () => {
    const made = await ssoTeam();
    const [attacker, victim] = [new Device(), new Device()];
    const stolen = await attacker.signInAt(await attacker.start(addressIn(made)));
    const own = await victim.signInAt(await victim.start(addressIn(made)));
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await victim.receive(own)).get('error')).toBe('sso_failed');
    const code = (await attacker.answer(addressIn(made))).get('code');
    expect((await victim.exchange(code).expect(401)).body.code).toBe('invalid_credentials');
    await attacker.exchange(code).expect(200);
  });

  it('mixed-up issuers: a response of another provider, or one without the issuer, is refused', async () => {
    const [one, other] = [await ssoTeam(), await ssoTeam({ issuer: providers.issuers[1] })];
    const device = new Device();
    const request = await device.start(addressIn(one));
    const foreign = await new Device().start(addressIn(other));
    foreign.searchParams.set('state', request.searchParams.get('state') ?? '');
    foreign.searchParams.set('nonce', request.searchParams.get('nonce') ?? '');
    foreign.searchParams.set('code_challenge', request.searchParams.get('code_challenge') ?? '');
    expect((await device.receive(await device.signInAt(foreign))).get('error')).toBe('sso_failed');
    const second = new Device();
    const right = await second.signInAt(await second.start(addressIn(one)));
    expect(right.searchParams.get('iss')).toBe(providers.issuers[0]);
    right.searchParams.delete('iss');
    expect((await second.receive(right)).get('error')).toBe('sso_failed');
  });

  it('replay: a response and a code are accepted once, of any number of concurrent attempts', async () => {
    const made = await ssoTeam();
    const device = new Device();
    const response = await device.signInAt(await device.start(addressIn(made)));
    const answers = await Promise.all(Array.from({ length: 4 }, () => device.receive(response)));
    const codes = answers.flatMap((answer) => answer.get('code') ?? []);
    expect([codes.length, answers.filter((answer) => answer.get('error') === 'sso_failed').length]).toEqual([1, 3]);
    const exchanges = await Promise.all(Array.from({ length: 4 }, () => device.exchange(codes[0] ?? '')));
    expect(exchanges.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  it('ID tokens with another nonce, audience, issuer, key, algorithm or time are refused', async () => {
    const made = await ssoTeam({ issuer: forger.url });
    const email = addressIn(made);
    const attempt = async (forgery: ForgingIssuer['forgery']) => {
      const device = new Device();
      const provider = await device.start(email);
      forger.nonce = provider.searchParams.get('nonce') ?? '';
      forger.forgery = forgery;
      const answer = await device.receive(new URL(`${CALLBACK}?code=x&state=${provider.searchParams.get('state')}`));
      return answer.get('error') ?? 'signed in';
    };
    const claims = { email, email_verified: true };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const forgery of [
      { claims: { ...claims, nonce: 'of another sign-in' } },
      { claims: { ...claims, nonce: undefined } },
      { claims: { ...claims, aud: 'another client' } },
      { claims: { ...claims, iss: providers.issuers[0] } },
      { claims: { ...claims, sub: undefined } },
      { claims, key: privateKey },
      { claims, algorithm: 'none' as const },
      { claims, expiresIn: -600 },
    ])
      expect([forgery, await attempt(forgery)]).toEqual([forgery, 'sso_failed']);
    expect(await attempt({ claims })).toBe('signed in');
  });

  it('an altered, foreign or expired request or code is refused', async () => {
    const made = await ssoTeam();
    const device = new Device();
    const response = await device.signInAt(await device.start(addressIn(made)));
    const state = response.searchParams.get('state') ?? '';
    for (const value of ['', 'AAAA', randomBytes(300).toString('base64url')])
      await device.callback(response, new Map([[`adiuva_sso_${state.slice(0, 16)}`, value]])).expect(401);
    const later = Date.now() + 11 * 60_000;
    const clock = jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(new Date(later));
    expect((await device.callback(response).expect(401)).body.code).toBe('sso_failed');
    clock.mockRestore();
    const code = (await device.receive(response)).get('code');
    await app.nest.get(Database).query(`UPDATE sso_codes SET expires_at = now() - interval '1 second'`);
    await device.exchange(code).expect(401);
    await device.exchange(randomBytes(32).toString('base64url')).expect(401);
  });

  it('a member who is removed before the exchange gets no session', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    const device = new Device();
    const code = (await device.answer(guest.email)).get('code');
    await app.call('delete', `/teams/${made.id}/members/${guest.id}`, made.owner).expect(204);
    await eventually(async () => (await app.call('get', '/teams/mine', guest)).status === 404);
    await device.exchange(code).expect(401);
  });
});
