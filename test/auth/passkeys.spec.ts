import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';
import { SoftwareAuthenticator } from '../support/fakes/software-authenticator';

const ORIGIN = 'https://adiuva.example';

let app: TestApp;
beforeAll(async () => void (app = await TestApp.start({ PUBLIC_URL: ORIGIN })));
afterAll(() => app.stop());

const creationOptions = async (user: TestUser) =>
  (await app.call('post', '/auth/passkeys/register/options', user).expect(200)).body;
const requestOptions = async () => (await app.call('post', '/auth/passkeys/login/options').expect(200)).body;
const login = (body: object) => app.call('post', '/auth/passkeys/login').send(body);
const register = (user: TestUser, body: object) => app.call('post', '/auth/passkeys/register', user).send(body);

async function registered(): Promise<{ user: TestUser; authenticator: SoftwareAuthenticator; id: string }> {
  const user = await app.user();
  const authenticator = new SoftwareAuthenticator(ORIGIN);
  const made = authenticator.create(await creationOptions(user));
  const { body } = await register(user, { ...made, name: 'Laptop' }).expect(201);
  return { user, authenticator, id: body.id };
}

describe('a passkey', () => {
  test('signs in without address, password and code, and shows when it was used', async () => {
    const { user, authenticator, id } = await registered();
    const { body: tokens } = await login(authenticator.get(await requestOptions())).expect(200);
    const signedIn = { accessToken: tokens.access_token };
    expect((await app.call('get', '/auth/me', signedIn).expect(200)).body.id).toBe(user.id);
    const { body } = await app.call('get', '/auth/passkeys', user).expect(200);
    expect(body).toEqual([
      { id, name: 'Laptop', backed_up: false, created_at: expect.any(Number), last_used_at: expect.any(Number) },
    ]);
    await login(authenticator.get(await requestOptions())).expect(200);
  });

  test('is offered with a user verification, for our party, and with the PRF extension', async () => {
    const { user, authenticator } = await registered();
    const options = await creationOptions(user);
    expect(options).toMatchObject({
      rp: { id: 'adiuva.example' },
      user: { name: user.email },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [{ id: authenticator.id.toString('base64url') }],
      extensions: { prf: {} },
    });
  });

  test('answers a challenge once, of any number of concurrent sign-ins', async () => {
    const { authenticator } = await registered();
    const assertion = authenticator.get(await requestOptions());
    const answers = await Promise.all(Array.from({ length: 6 }, () => login(assertion)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(5).fill(401)]);
    const user = await app.user();
    const made = new SoftwareAuthenticator(ORIGIN).create(await creationOptions(user));
    await register(user, made).expect(201);
    await register(user, made).expect(401);
  });

  test('does not sign in with a challenge that is for a registration, was never issued, or was altered', async () => {
    const { user, authenticator } = await registered();
    const { challenge } = await creationOptions(user);
    const issued = await requestOptions();
    const altered = Buffer.from(issued.challenge, 'base64url');
    altered[30] = (altered[30] ?? 0) ^ 1;
    for (const wrong of [challenge, 'AAAA', '', altered.toString('base64url')]) {
      const { body } = await login(authenticator.get({ ...issued, challenge: wrong })).expect(401);
      expect(body.code).toBe('invalid_credentials');
    }
  });

  test('does not sign in from another origin, for another party, without user verification, or as a copy', async () => {
    const { authenticator } = await registered();
    await login(authenticator.get(await requestOptions())).expect(200);
    const refused = async (change: (one: SoftwareAuthenticator) => void, options = {}) => {
      change(authenticator);
      await login(authenticator.get({ ...(await requestOptions()), ...options })).expect(401);
    };
    await refused((one) => void (one.origin = 'https://adiuva.example.evil.test'));
    authenticator.origin = ORIGIN;
    await refused(() => undefined, { rpId: 'evil.test' });
    await refused((one) => void (one.verifiesUser = false));
    authenticator.verifiesUser = true;
    await refused((one) => void (one.counter = 0));
    authenticator.counter = 10;
    await login(authenticator.get(await requestOptions())).expect(200);
  });

  test('does not sign in as another user, and an unknown one has the same response', async () => {
    const [one, other] = [await registered(), await registered()];
    one.authenticator.userHandle = other.authenticator.userHandle;
    const foreign = await login(one.authenticator.get(await requestOptions()));
    const unknown = await login(new SoftwareAuthenticator(ORIGIN).get(await requestOptions()));
    const { request_id: first, ...foreignBody } = foreign.body;
    const { request_id: second, ...unknownBody } = unknown.body;
    expect([foreign.status, foreignBody]).toEqual([unknown.status, unknownBody]);
    expect(first).not.toBe(second);
  });

  test('of another user cannot be registered, listed or removed', async () => {
    const [one, other] = [await registered(), await registered()];
    const options = await creationOptions(one.user);
    await register(other.user, new SoftwareAuthenticator(ORIGIN).create(options)).expect(401);
    await app.call('delete', `/auth/passkeys/${one.id}`, other.user).expect(404);
    const again = one.authenticator.create(await creationOptions(other.user));
    await register(other.user, again).expect(409);
    await app.call('delete', `/auth/passkeys/${one.id}`, one.user).expect(204);
    one.authenticator.userHandle = Buffer.from(one.user.id).toString('base64url');
    await login(one.authenticator.get(await requestOptions())).expect(401);
  });

  test('is refused when the client sends what unwraps its keys', async () => {
    const { user, authenticator } = await registered();
    const prf = { clientExtensionResults: { prf: { results: { first: 'c2VjcmV0' } } } };
    const made = { ...new SoftwareAuthenticator(ORIGIN).create(await creationOptions(user)), ...prf };
    expect((await register(user, made).expect(400)).body.errors[0].field).toBe('clientExtensionResults.prf.results');
    await login({ ...authenticator.get(await requestOptions()), ...prf }).expect(400);
  });

  test('stores its name sealed', async () => {
    const { user } = await registered();
    const rows = await app.nest
      .get(Database)
      .query<{ row: string }>('SELECT p::text AS row FROM passkeys p WHERE user_id = $1', [user.id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(Buffer.from('Laptop').toString('hex'));
  });
});
