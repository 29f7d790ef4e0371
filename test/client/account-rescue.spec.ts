import { randomUUID } from 'node:crypto';
import { AdiuvaClient, ApiProblem, MemoryTokenStore, WeakPasswordError, type ClientOptions } from '@adiuva/client';
import { Accounts } from '@adiuva/auth';
import { TestApp } from '../support/app';
import { PASSWORD, QUICK_KDF, sdkClient, sdkUser } from './support/sdk-user';

const NEW_PASSWORD = 'a short walk in the woods';
let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());
const device = (options: Partial<ClientOptions> = {}): AdiuvaClient => sdkClient(app, options);

test('a lost password is replaced with the recovery words, without a session; the others end', async () => {
  const { client, vault, email, recoveryWords } = await sdkUser(app);
  const rescued = device();
  const recovered = await rescued.account.recover({ email, words: recoveryWords, newPassword: NEW_PASSWORD });
  expect(recovered.vault.key('records')).toEqual(vault.key('records'));
  await expect(client.account.profile()).rejects.toMatchObject({ status: 401 });
  await expect(device().account.signIn({ email, password: PASSWORD })).rejects.toMatchObject({ status: 401 });
  const again = await device().account.signIn({ email, password: NEW_PASSWORD });
  expect(again.vault.key('records')).toEqual(vault.key('records'));
  await device().account.recover({ email, words: recoveryWords, newPassword: PASSWORD });
});

test('the words of another account recover nothing', async () => {
  const [user, other] = [await sdkUser(app), await sdkUser(app)];
  const attempt = { email: user.email, words: other.recoveryWords, newPassword: NEW_PASSWORD };
  await expect(device().account.recover(attempt)).rejects.toMatchObject({ code: 'invalid_credentials' });
});

test('a sign-up that was cut before the keys were stored is finished by signing in, and can be recovered', async () => {
  const email = `cut-${randomUUID()}@example.org`;
  const cut = new AdiuvaClient({
    baseUrl: app.url,
    fetch: (input, init) =>
      String(input).endsWith('/auth/keyring')
        ? Promise.reject(new Error('the laptop was closed'))
        : QUICK_KDF(input, init),
  });
  await expect(cut.account.signUp({ email, password: PASSWORD })).rejects.toThrow('closed');
  const { vault, recoveryWords } = await device().account.signIn({ email, password: PASSWORD });
  const second = await device().account.signIn({ email, password: PASSWORD });
  expect([second.vault.key('records'), second.recoveryWords]).toEqual([vault.key('records'), undefined]);
  await device().account.recover({ email, words: recoveryWords ?? '', newPassword: NEW_PASSWORD });
});

test('an account of the admin command signs in when the app says that its password is plain, and then has a derived secret', async () => {
  const email = `admin-${randomUUID()}@example.org`;
  await app.nest.get(Accounts).makeAdmin(email, PASSWORD);
  await expect(device().account.signIn({ email, password: PASSWORD })).rejects.toMatchObject({ status: 401 });
  const first = await device().account.signIn({ email, password: PASSWORD, plainPassword: true });
  expect([first.profile.role, first.recoveryWords?.split(' ').length]).toEqual(['admin', 24]);
  await device().account.signIn({ email, password: PASSWORD });
  await app.call('post', '/auth/login').send({ email, password: PASSWORD }).expect(401);
});

test.each(['short', 'password1234', '01234567890', 'aaaaaaaaaaaaaaa', 'qwertyuiop', 'anna.rossi@example.org'])(
  'the password %s is refused before anything is sent',
  async (password) => {
    let requests = 0;
    const client = new AdiuvaClient({
      baseUrl: app.url,
      fetch: (input, init) => ((requests += 1), fetch(input, init)),
    });
    await expect(client.account.signUp({ email: 'anna.rossi@example.org', password })).rejects.toThrow(
      WeakPasswordError,
    );
    expect(requests).toBe(0);
  },
);

test('two clients of one token store do not sign each other out', async () => {
  const { email } = await sdkUser(app);
  const kept = new MemoryTokenStore();
  await device({ tokens: kept }).account.signIn({ email, password: PASSWORD });
  const tokens = await kept.load();
  if (!tokens) throw new Error('nothing was kept');
  const clients = Array.from({ length: 3 }, () => device({ tokens: kept }));
  for (let round = 0; round < 4; round += 1) {
    await kept.save({ ...((await kept.load()) ?? tokens), access_token: `ended-${round}` });
    for (const client of clients) await client.account.profile().catch(() => undefined);
  }
  const profiles = await Promise.all(clients.map((client) => client.account.profile()));
  expect(profiles.map((profile) => profile.email)).toEqual([email, email, email]);
});

/** A network that is cut for good at one request, before it is sent or before its answer arrives. */
function cutAt(request: number, when: 'before' | 'after'): typeof fetch {
  let sent = 0;
  return async (input, init) => {
    sent += 1;
    if (sent > request || (sent === request && when === 'before')) throw new Error('the laptop was closed');
    const response = await QUICK_KDF(input, init);
    if (sent === request) throw new Error('the laptop was closed');
    return response;
  };
}

/** Requests that write, by their number; a cut at one that reads leaves what the write before it left. */
const cutsOf = (...writes: number[]) => writes.flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]);

/** prelogin, REGISTER, me, KEYRING */
test.each(cutsOf(2, 4))(
  'a sign-up that is cut at request %i, %s it, is finished or tried again',
  async (request, when) => {
    const account = { email: `cut-${randomUUID()}@example.org`, password: PASSWORD };
    await expect(device({ fetch: cutAt(request, when) }).account.signUp(account)).rejects.toThrow('closed');
    const client = device();
    const finished = await client.account
      .signIn(account)
      .catch((error: unknown) => (statusOf(error) === 401 ? client.account.signUp(account) : Promise.reject(error)));
    const words =
      finished.recoveryWords ?? (await client.account.renewRecoveryWords(finished.vault, account.email, PASSWORD));
    const recovered = await device().account.recover({ email: account.email, words, newPassword: NEW_PASSWORD });
    expect(recovered.vault.key('records')).toEqual(finished.vault.key('records'));
  },
);

/** prelogin twice, keyring, KEYRING with both wraps, PASSWORD, KEYRING with one wrap */
test.each(cutsOf(4, 5, 6))(
  'a change of password that is cut at request %i, %s it, locks no user out',
  async (request, when) => {
    const { vault, email } = await sdkUser(app);
    const tokens = new MemoryTokenStore();
    await device({ tokens }).account.signIn({ email, password: PASSWORD });
    const cut = device({ tokens, fetch: cutAt(request, when) }).account;
    await expect(cut.changePassword(vault, email, PASSWORD, NEW_PASSWORD)).rejects.toThrow('closed');
    const isChanged = request > 5 || (request === 5 && when === 'after');
    const [valid, former] = isChanged ? [NEW_PASSWORD, PASSWORD] : [PASSWORD, NEW_PASSWORD];
    await expect(device().account.signIn({ email, password: former })).rejects.toMatchObject({ status: 401 });
    const client = device();
    const signedIn = await client.account.signIn({ email, password: valid });
    expect(signedIn.vault.key('records')).toEqual(vault.key('records'));
    const { password } = (await client.account.keyring()).keyring.accountKey;
    // A change that the server has not taken may still be in progress on the other device, which needs its wrap.
    if (isChanged) expect(password).toHaveLength(1);
  },
);

test('a lost answer of the keyring does not fail a sign-up', async () => {
  let lost = 0;
  const fetcher: typeof fetch = async (input, init) => {
    const response = await QUICK_KDF(input, init);
    if (!String(input).endsWith('/auth/keyring') || init?.method !== 'PUT' || lost > 0) return response;
    lost += 1;
    throw new TypeError('terminated');
  };
  const account = { email: `lost-${randomUUID()}@example.org`, password: PASSWORD };
  const { vault } = await device({ fetch: fetcher }).account.signUp(account);
  expect(lost).toBe(1);
  expect((await device().account.signIn(account)).vault.key('records')).toEqual(vault.key('records'));
});

test('new recovery words recover the account, and the old ones no longer do', async () => {
  const { client, vault, email, recoveryWords } = await sdkUser(app);
  const words = await client.account.renewRecoveryWords(vault, email, PASSWORD);
  const attempt = { email, newPassword: NEW_PASSWORD };
  await expect(device().account.recover({ ...attempt, words: recoveryWords })).rejects.toMatchObject({ status: 401 });
  const recovered = await device().account.recover({ ...attempt, words });
  expect(recovered.vault.key('records')).toEqual(vault.key('records'));
});

function statusOf(error: unknown): number | undefined {
  return error instanceof ApiProblem ? error.status : undefined;
}
