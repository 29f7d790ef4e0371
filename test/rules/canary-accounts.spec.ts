import { randomBytes } from 'node:crypto';
import { Metrics } from '@adiuva/platform';
import { totpCode } from '../../libs/auth/src/factors/totp';
import { eventually, PASSWORD, TestApp, type TestUser } from '../support/app';
import { secretOf } from '../support/builders/totp-secret';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';
import { findPlaintext } from '../support/plaintext-search';
import { AGENT_SECRET } from '../gateway/signed-call';

const ORIGIN = 'https://adiuva.example';
const newMarker = () => `canary${randomBytes(12).toString('hex')}`;

interface Mail {
  readonly to: string;
  readonly text: string;
}

/** What opens an account: what the user sends, and what the server makes and shows once. */
describe('what opens an account is stored nowhere in plaintext', () => {
  let app: TestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({ LOG_LEVEL: 'trace', PUBLIC_URL: ORIGIN, AGENT_JWT_SECRET: AGENT_SECRET });
    admin = await app.admin();
    await app.startJobs();
  });
  afterAll(() => app.stop());

  const post = (path: string, body: object, user?: TestUser) => app.call('post', path, user).send(body);
  async function mailedTo(address: string): Promise<string> {
    let token: string | undefined;
    await eventually(async () => {
      const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
      const links = body.mails.flatMap(({ to, text }: Mail) => (to === address ? [text] : []));
      token = /#token=([\w-]{43})/.exec(links.find((text: string) => text.includes('#token=')) ?? '')?.[1];
      return token !== undefined;
    });
    return token ?? '';
  }

  async function expectNowhere(secrets: Readonly<Record<string, string>>): Promise<void> {
    const texts = { log: app.log.join('\n'), metrics: await app.nest.get(Metrics).text() };
    const where = {
      databaseUrl: app.database.url,
      folders: [app.dataDir],
      texts,
      redisUrl: process.env['TEST_REDIS_URL'],
    };
    for (const [name, secret] of Object.entries(secrets))
      expect({ [name]: [secret.length >= 16, await findPlaintext(secret, where)] }).toEqual({ [name]: [true, []] });
  }

  it('mailed tokens, and addresses and passwords that are set with them', async () => {
    const user = await app.user();
    const [local, guest, wrong] = [newMarker(), newMarker(), newMarker()];
    const [moved, password] = [`${local}@example.org`, `${newMarker()} of mine`];
    await app.call('post', '/auth/email/verification', user).expect(204);
    const verification = await mailedTo(user.email);
    await post('/auth/email', { email: moved, password: wrong }, user).expect(401);
    await post('/auth/email', { email: moved, password: PASSWORD }, user).expect(202);
    const change = await mailedTo(moved);
    await expectNowhere({ local, verification, change, wrong });
    await post('/auth/email/verify', { token: change }).expect(204);
    await post('/auth/password/forgot', { email: `${guest}@example.org` }).expect(202);
    const known = await app.user();
    await post('/auth/password/forgot', { email: known.email }).expect(202);
    const reset = await mailedTo(known.email);
    await post('/auth/password/reset', { token: reset, new_password: guest, keyring: wrong }).expect(400);
    await expectNowhere({ reset });
    await post('/auth/password/reset', { token: reset, new_password: password }).expect(200);
    const { body } = await post('/auth/login', { email: known.email, password }).expect(200);
    await expectNowhere({ local, guest, wrong, password, access: body.access_token, refresh: body.refresh_token });
  });

  it('second factors, passkeys and the tokens of agent workers', async () => {
    const user = await app.user();
    const name = newMarker();
    const { body: begun } = await post('/auth/totp', {}, user).expect(200);
    const secret = secretOf(begun.otpauth_uri);
    const code = totpCode(secret, Math.floor(Date.now() / 30_000));
    const { body: confirmed } = await post('/auth/totp/confirm', { code }, user).expect(200);
    const [first, second]: readonly string[] = confirmed.recovery_codes;
    await post('/auth/login', { email: user.email, password: PASSWORD, totp: first }).expect(200);
    await post('/auth/login', { email: user.email, password: PASSWORD, totp: `no ${name}` }).expect(400);
    const authenticator = new SoftwareAuthenticator(ORIGIN);
    const { body: options } = await post('/auth/passkeys/register/options', {}, user).expect(200);
    await post('/auth/passkeys/register', { ...authenticator.create(options), name }, user).expect(201);
    const { body: request } = await post('/auth/passkeys/login/options', {}).expect(200);
    await post('/auth/passkeys/login', authenticator.get(request)).expect(200);
    const { body: agent } = await post('/auth/agent-token', { scopes: ['tools:*'] }, user).expect(200);
    const text = new URL(begun.otpauth_uri).searchParams.get('secret') ?? '';
    const secrets = { text, first: first ?? '', second: second ?? '', name, challenge: request.challenge };
    await expectNowhere({ ...secrets, binary: secret.toString('latin1'), agent: agent.token });
  });

  it('invites, and the password and address of a download of an export', async () => {
    const [owner, local, wrong] = [await app.user('team', 2), newMarker(), newMarker()];
    const { body: team } = await post('/teams', { name: wrong }, owner).expect(201);
    await post(`/teams/${team.id}/invites`, { email: `${local}@example.org`, role: 'admin' }, owner).expect(201);
    const invite = await mailedTo(`${local}@example.org`);
    await expectNowhere({ local, invite, wrong });
    await app.call('post', `/invites/${invite}/accept`, await app.user()).expect(200);
    await post('/exports', { password: wrong }, owner).expect(401);
    const { body: started } = await post('/exports', { password: PASSWORD }, owner).expect(202);
    const state = async () => (await app.call('get', `/exports/${started.id}`, owner).expect(200)).body;
    await eventually(async () => (await state()).status === 'ready');
    const download = new URL((await state()).download_url).pathname.split('/').at(-1) ?? '';
    await app.call('get', `/export-downloads/${download}`).expect(200);
    await expectNowhere({ local, invite, wrong, download });
  });
});
