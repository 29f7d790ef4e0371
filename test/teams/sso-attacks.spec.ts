import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { SsoDomains } from '../../libs/teams/src/sso/sso-domains.service';
import { eventually } from '../support/app';
import { type ForgingIssuer } from '../support/fakes/forging-issuer';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import {
  CALLBACK,
  Device,
  KEYRING,
  PUBLIC_URL,
  addressIn,
  app,
  dns,
  forger,
  login,
  member,
  prove,
  providers,
  rawKey,
  resetOf,
  settingsOf,
  signedIn,
  ssoTeam,
  startSso,
  stopSso,
  team,
  tokenMailedTo,
} from './single-sign-on';

beforeAll(async () => {
  await startSso();
  await app.startJobs();
});
afterAll(stopSso);

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

  it('is not escaped by another address: neither by a request nor by a link from before', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    const elsewhere = `${randomBytes(6).toString('hex')}@example.org`;
    const change = { email: elsewhere, password: guest.password };
    await app.call('post', '/auth/email', guest).send(change).expect(202);
    const token = await tokenMailedTo(elsewhere);
    await app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf(made.domain, { enforce: true }));
    const link = await app.call('post', '/auth/email/verify').send({ token });
    expect([link.status, link.body.code]).toEqual([401, 'sso_required']);
    const session = await signedIn(guest.email);
    const asked = await app.call('post', '/auth/email', session).send(change);
    expect([asked.status, asked.body.code]).toEqual([401, 'sso_required']);
    expect((await login(guest.email).expect(401)).body.code).toBe('sso_required');
    await app
      .call('post', '/auth/email', made.owner)
      .send({ email: `x${elsewhere}`, password: made.owner.password })
      .expect(202);
  });

  it('ends the sessions that members opened otherwise, and no others', async () => {
    const made = await ssoTeam();
    const [guest, outsider] = [await member(made), await member({ ...made, domain: 'example.org' })];
    const session = await signedIn(guest.email);
    await app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf(made.domain, { enforce: true }));
    await eventually(async () => (await app.call('get', '/auth/me', guest)).status === 401);
    await app.call('post', '/auth/refresh').send({ refresh_token: guest.refreshToken }).expect(401);
    for (const user of [session, outsider, made.owner]) await app.call('get', '/auth/me', user).expect(200);
    const { body } = await app.call('get', '/audit', session).expect(200);
    expect(body.events.map(({ action }: { action: string }) => action)).toContain('sso.enforced');
    await app.call('post', '/auth/refresh').send({ refresh_token: session.refreshToken }).expect(200);
  });

  it('ends a session of who joins with a password, when it is refreshed', async () => {
    const made = await ssoTeam({ enforce: true });
    const guest = await member(made);
    const refresh = () => app.call('post', '/auth/refresh').send({ refresh_token: guest.refreshToken });
    expect((await refresh().expect(401)).body.code).toBe('sso_required');
    await eventually(async () => (await app.call('get', '/auth/me', guest)).status === 401);
  });

  it('begins for a domain when it is proved, and ends when its record is gone for days', async () => {
    const made = await team();
    const domain = `d${randomBytes(6).toString('hex')}.example`;
    await app
      .call('put', `/teams/${made.id}/sso`, made.owner)
      .send(settingsOf(domain, { enforce: true }))
      .expect(200);
    const guest = await member({ ...made, domain });
    await login(guest.email).expect(200);
    await prove(made);
    await eventually(async () => (await app.call('get', '/auth/me', guest)).status === 401);
    const recheck = () => app.nest.get(SsoDomains).recheck();
    const age = () =>
      app.nest.get(Database).query(`UPDATE sso_domains SET missing_since = missing_since - interval '4 days'`);
    const name = `_adiuva-sso.${domain}`;
    const record = dns.texts.get(name) ?? [];
    dns.texts.delete(name);
    await recheck();
    await age();
    dns.fails = true;
    await recheck();
    expect((await login(guest.email).expect(401)).body.code).toBe('sso_required');
    dns.fails = false;
    dns.texts.set(name, record);
    await recheck();
    dns.texts.delete(name);
    await recheck();
    expect((await login(guest.email).expect(401)).body.code).toBe('sso_required');
    await age();
    await recheck();
    await login(guest.email).expect(200);
    const { body } = await app.call('get', '/audit', made.owner).expect(200);
    const actions = body.events.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['sso.changed', 'sso.domain_proved', 'sso.domain_lost']));
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
    const other = new Device();
    await other.start(addressIn(made));
    await other.callback(response).expect(401);
    await attacker.receive(response);
  });

  it('code substitution: a code of the provider that another sign-in received is refused, and so is one of ours', async () => {
    const made = await ssoTeam();
    const [attacker, other] = [new Device(), new Device()];
    const stolen = await attacker.signInAt(await attacker.start(addressIn(made)));
    const own = await other.signInAt(await other.start(addressIn(made)));
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await other.receive(own)).get('error')).toBe('sso_failed');
    const code = (await attacker.answer(addressIn(made))).get('code');
    expect((await other.exchange(code).expect(401)).body.code).toBe('invalid_credentials');
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
