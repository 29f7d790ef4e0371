import { randomUUID } from 'node:crypto';
import { AdiuvaClient, ApiProblem, MemoryTokenStore, WeakPasswordError, type TokenStore } from '@adiuva/client';
import { Accounts } from '@adiuva/auth';
import { TestApp } from '../support/app';
import { PASSWORD, sdkUser } from './support/sdk-user';

const NEW_PASSWORD = 'a short walk in the woods';
let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());
const device = (tokens: TokenStore = new MemoryTokenStore()) => new AdiuvaClient({ baseUrl: app.url, tokens });

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
      String(input).endsWith('/auth/keyring') ? Promise.reject(new Error('the laptop was closed')) : fetch(input, init),
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
  await device(kept).account.signIn({ email, password: PASSWORD });
  const tokens = await kept.load();
  if (!tokens) throw new Error('nothing was kept');
  const clients = [device(kept), device(kept), device(kept)];
  for (let round = 0; round < 4; round += 1) {
    await kept.save({ ...((await kept.load()) ?? tokens), access_token: `ended-${round}` });
    for (const client of clients) await client.account.profile().catch(() => undefined);
  }
  const profiles = await Promise.all(clients.map((client) => client.account.profile()));
  expect(profiles.map((profile) => profile.email)).toEqual([email, email, email]);
  expect(ApiProblem).toBeDefined();
});
