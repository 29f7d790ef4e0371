import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import request from 'supertest';
import { checksumOf } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { DnsServer } from '../support/fakes/dns-server';
import { ForgingIssuer } from '../support/fakes/forging-issuer';
import { OpenIdProviderProcess } from '../support/processes/openid-providers';

export const PUBLIC_URL = 'https://adiuva.example';
export const CALLBACK = `${PUBLIC_URL}/api/v1/auth/sso/callback`;
export const REDIRECT = 'http://127.0.0.1:49152/sso';
export const SECRET = 'a secret of the client';

export let app: TestApp;
export let dns: DnsServer;
export let providers: OpenIdProviderProcess;
export let forger: ForgingIssuer;
export async function startSso(): Promise<void> {
  [dns, providers, forger] = await Promise.all([
    DnsServer.start(),
    OpenIdProviderProcess.start(CALLBACK),
    ForgingIssuer.start(),
  ]);
  const hosts = [...providers.issuers, forger.url].map((issuer) => new URL(issuer).host);
  app = await TestApp.start({
    ...{ PUBLIC_URL, SSO_PRIVATE_HOSTS: hosts.join(), SSO_DNS_SERVERS: dns.address },
    // Longer than a test waits: no request ends because the machine stood still.
    SSO_TIMEOUT_MS: '200000',
  });
}

export async function stopSso(): Promise<void> {
  await app.stop();
  await Promise.all([dns.stop(), providers.stop(), forger.stop()]);
}

export interface SsoTeam {
  readonly owner: TestUser;
  readonly id: string;
  readonly domain: string;
}

export interface Settings {
  readonly issuer?: string;
  readonly enforce?: boolean;
  readonly seats?: number;
}

export const settingsOf = (domain: string, { issuer = providers.issuers[0], enforce = false }: Settings = {}) => ({
  issuer,
  client_id: 'adiuva',
  client_secret: SECRET,
  domains: [domain],
  enforce,
});

/** Publishes the record that proves the domain. */
export async function prove({ owner, id }: Pick<SsoTeam, 'owner' | 'id'>): Promise<void> {
  const { body } = await app.call('get', `/teams/${id}/sso`, owner).expect(200);
  for (const { txt_name: name, txt_value: value } of body.domains) dns.texts.set(name, [value]);
  const after = await app.call('get', `/teams/${id}/sso`, owner).expect(200);
  expect(after.body.domains).toEqual([expect.objectContaining({ proved: true })]);
}

export async function team(seats = 3): Promise<Pick<SsoTeam, 'owner' | 'id'>> {
  const owner = await app.user('team', seats);
  const { body } = await app.call('post', '/teams', owner).send({ name: 'Blue' }).expect(201);
  return { owner, id: body.id };
}

export async function ssoTeam(settings: Settings = {}): Promise<SsoTeam> {
  const made = await team(settings.seats);
  const domain = `d${randomBytes(6).toString('hex')}.example`;
  await app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf(domain, settings)).expect(200);
  await prove(made);
  return { ...made, domain };
}

/** A browser and the app that has opened it. */
export class Device {
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
    return this.open(new URL(`${app.url}/api/v1/auth/sso/start?${query.toString()}`));
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

export async function signedIn(email: string, hint?: object): Promise<TestUser> {
  const device = new Device();
  const answer = await device.answer(email, hint);
  const { body } = await device.exchange(answer.get('code')).expect(200);
  const accessToken = body.access_token;
  const profile = await app.call('get', '/auth/me', { accessToken }).expect(200);
  return { id: profile.body.id, email, password: '', accessToken, refreshToken: body.refresh_token };
}

/** The error that the app gets. */
export const refusal = async (email: string, hint?: object) => (await new Device().answer(email, hint)).get('error');

export const addressIn = ({ domain }: SsoTeam) => `u${randomBytes(6).toString('hex')}@${domain}`;

/** A member with a password, whose address is in the domain. */
export async function member(made: SsoTeam, verified = true, fields: object = {}): Promise<TestUser> {
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

/** Of the newest mail to an address. */
export async function tokenMailedTo(address: string): Promise<string> {
  const admin = await app.admin();
  let token: string | undefined;
  await eventually(async () => {
    const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
    const mail = body.mails.find(({ to }: { to: string }) => to === address);
    token = /#token=([\w-]{43})/.exec(mail?.text ?? '')?.[1];
    return token !== undefined;
  });
  return token ?? '';
}

export const KEYRING = Buffer.alloc(90, 1).toString('base64');
export const rawKey = (key: KeyObject) =>
  Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

/** A reset by the key of the recovery words. */
export async function resetOf(email: string, { privateKey }: { readonly privateKey: KeyObject }): Promise<object> {
  const { body } = await app.call('post', '/auth/recover').send({ email }).expect(200);
  const { challenge } = body;
  const digests = [checksumOf(Buffer.from(PASSWORD)), checksumOf(Buffer.from(KEYRING, 'base64'))];
  const lines = ['adiuva account recovery 1', 'reset', challenge, ...digests, ''].join('\n');
  const signature = sign(null, Buffer.from(lines), privateKey).toString('base64');
  return { email, challenge, signature, new_password: PASSWORD, keyring: KEYRING };
}

export const login = (email: string) => app.call('post', '/auth/login').send({ email, password: PASSWORD });
