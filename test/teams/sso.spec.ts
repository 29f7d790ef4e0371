import type { AdiuvaClient } from '@adiuva/client';
import { Clock } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { totpCode } from '../../libs/auth/src/factors/totp';
import { PASSWORD } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { sdkClient } from '../client/support/sdk-user';
import {
  CALLBACK,
  Device,
  REDIRECT,
  SECRET,
  addressIn,
  app,
  dns,
  forger,
  login,
  member,
  providers,
  refusal,
  settingsOf,
  signedIn,
  ssoTeam,
  team,
  startSso,
  stopSso,
} from './single-sign-on';

beforeAll(startSso);
afterAll(stopSso);

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
    const { body: log } = await app.call('get', '/audit', made.owner).expect(200);
    expect(log.events[0]).toMatchObject({ action: 'sso.deleted', details: { team_id: made.id } });
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
    expect((await app.call('get', '/billing/subscription', made.owner).expect(200)).body.locked).toEqual([
      { feature: 'sso', included: 0, used: 1, required_tier: 'team' },
    ]);
    const { body } = await app
      .call('put', `/teams/${made.id}/sso`, made.owner)
      .send(settingsOf(made.domain))
      .expect(402);
    expect(body.required_tier).toBe('team');
    await login(guest.email).expect(200);
    const query = `email=${guest.email}&redirect_uri=${REDIRECT}&code_challenge=${'a'.repeat(43)}`;
    await app.call('get', `/auth/sso/start?${query.toString()}`).expect(404);
    await app.setTier(made.owner.id, 'team', 3);
    await login(guest.email).expect(401);
  });

  it('refuse issuers that are not public https addresses, that redirect elsewhere, or that send more metadata than 128 KiB', async () => {
    const made = await team();
    const put = (issuer: string) =>
      app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf('a.example', { issuer }));
    for (const issuer of [
      'http://example.org',
      'https://127.0.0.1',
      'https://localhost',
      'https://idp.internal',
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
    forger.redirect = `${app.url}/api/v1/health`;
    await put(forger.url).expect(502);
    forger.redirect = undefined;
    forger.padding = 128 * 1024;
    await put(forger.url).expect(502);
    forger.padding = 100 * 1024;
    await put(forger.url).expect(200);
    forger.padding = 0;
  });

  it.each([
    'a',
    'com',
    '*.a.example',
    'a.example/..',
    'a.example:80',
    'x@a.example',
    'a.example?b',
    'a..example',
    '127.0.0.1',
  ])('refuse %s, which is no domain', async (domain) => {
    const made = await team();
    const { body } = await app.call('put', `/teams/${made.id}/sso`, made.owner).send(settingsOf(domain)).expect(400);
    expect(body.errors[0].field).toBe('domains.0');
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
    const { body: log } = await app.call('get', '/audit', again).expect(200);
    const starts = log.events.filter(({ action }: { action: string }) => action === 'session.started');
    expect(starts.map(({ details }: { details: object }) => details)).toEqual(
      Array(2).fill({ session_id: expect.any(String), sso_team_id: made.id }),
    );
  });

  it('asks the provider with PKCE, a state and a nonce, new for each sign-in, and stores its own code as a hash', async () => {
    const made = await ssoTeam();
    const email = addressIn(made);
    const device = new Device();
    const [one, other] = [await device.start(email), await new Device().start(email)];
    expect(one.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) {
      const value = one.searchParams.get(name) ?? '';
      expect([name, value.length >= 43, value !== other.searchParams.get(name)]).toEqual([name, true, true]);
    }
    expect(one.searchParams.get('code_challenge')).not.toBe(device.verifier);
    const code = (await device.receive(await device.signInAt(one))).get('code') ?? '';
    const rows = await app.nest.get(Database).query<{ row: string }>('SELECT c::text AS row FROM sso_codes c');
    expect(rows.length).toBeGreaterThan(0);
    for (const form of [code, Buffer.from(code).toString('hex'), Buffer.from(code, 'base64url').toString('hex')])
      expect(rows.filter(({ row }) => row.includes(form))).toEqual([]);
    await device.exchange(code).expect(200);
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
      const { body } = await app.call('get', `/auth/sso/start?${query.toString()}`).expect(400);
      expect([uri, body.errors[0].field]).toEqual([uri, 'redirect_uri']);
    }
  });

  it('does the same for every address of a domain, and the same for every domain without single sign-on', async () => {
    const made = await ssoTeam();
    const guest = await member(made);
    const start = (email: string) =>
      app.call(
        'get',
        `/auth/sso/start?${new URLSearchParams({ email, redirect_uri: REDIRECT, code_challenge: 'a'.repeat(43) }).toString()}`,
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
    expect(await refusal(email, { sub: 'a', email })).toBe('forbidden');
    expect(await refusal(email, { sub: 'a', email, email_verified: 1 })).toBe('forbidden');
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
    for (const none of [{}, { totp: null }])
      expect((await device.exchange(code, none).expect(401)).body.code).toBe('totp_required');
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
