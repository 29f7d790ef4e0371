import {
  ApiProblem,
  MemorySyncStore,
  MemoryTokenStore,
  type ChatEvent,
  type StorageChangedEvent,
} from '@adiuva/client';
import { PubSub } from '@adiuva/platform';
import { SESSION_REVOKED } from '@adiuva/auth';
import { SocketAuth } from '../../apps/api/src/chat/socket-auth.service';
import { eventually, TestApp } from '../support/app';
import { TcpProxy } from '../support/fakes/tcp-proxy';
import { PASSWORD, QUICK_KDF, sdkClient, sdkUser, writeNote } from './support/sdk-user';

const MESSAGE = { message: 'remind me to call Anna tomorrow at 5' };

let app: TestApp;
/** Its access tokens live longer than a test. */
let lasting: TestApp;

beforeAll(async () => {
  app = await TestApp.start({ ACCESS_TOKEN_SECONDS: '2' });
  lasting = await TestApp.start({}, app);
});
afterAll(async () => {
  await lasting.stop();
  await app.stop();
});

async function textIn(events: AsyncIterable<ChatEvent>): Promise<string> {
  let text = '';
  for await (const event of events) {
    if (event.type === 'token') text += event.text;
    else expect(event.response).toBe(text);
  }
  return text;
}

test('an idle socket is renewed with each access token, and goes on giving chats and storage events', async () => {
  const renewals = jest.spyOn(app.nest.get(SocketAuth), 'renew');
  const { client, email } = await sdkUser(app);
  const other = sdkClient(app);
  const { vault } = await other.account.signIn({ email, password: PASSWORD });
  const events: StorageChangedEvent[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  // The chat before it would renew the session itself.
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  await eventually(() => renewals.mock.calls.length >= 2);
  const store = new MemorySyncStore();
  await writeNote(store, 'a note');
  const before = events.length;
  await other.sync(vault, store);
  // Of a machine that was too slow for a token of two seconds, the socket is opened again, which is an event without a table.
  await eventually(() => events.length > before);
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  client.close();
});

test('what changed before the socket opened is announced', async () => {
  const { client } = await sdkUser(app);
  const events: StorageChangedEvent[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  await eventually(() => events.length > 0);
  expect(events[0]).toEqual({});
  client.close();
});

test('what changed before a listener was added to an open socket is announced to it', async () => {
  const { client } = await sdkUser(lasting);
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  const events: StorageChangedEvent[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  await eventually(() => events.length > 0);
  expect(events).toEqual([{}]);
  client.close();
});

test('a refresh that fails while the socket opens does not end it', async () => {
  const tokens = new MemoryTokenStore();
  await sdkUser(app, 'free', { tokens });
  let failures = 0;
  const cut: typeof fetch = (input, init) => {
    if (!String(input).endsWith('/auth/refresh') || failures >= 2) return fetch(input, init);
    failures += 1;
    return Promise.reject(new TypeError('fetch failed'));
  };
  // As after a start of the app: tokens of the store are due for a refresh.
  const client = sdkClient(app, { tokens, fetch: cut });
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  expect(failures).toBe(2);
  client.close();
});

/** A fetch that keeps the answers to refreshes until `release` is called. */
function heldRefresh() {
  let [asked, release] = [false, (): void => undefined];
  const gate = new Promise<void>((resolve) => (release = resolve));
  const held: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith('/auth/refresh')) return response;
    asked = true;
    await gate;
    return response;
  };
  return { fetch: held, asked: () => eventually(() => asked), release: () => release() };
}

test('a refresh that is answered after the user has signed out is dropped', async () => {
  const tokens = new MemoryTokenStore();
  await sdkUser(app, 'free', { tokens });
  const refresh = heldRefresh();
  const client = sdkClient(app, { tokens, fetch: refresh.fetch });
  const request = client.account.devices().catch((error: unknown) => error);
  await refresh.asked();
  await client.account.signOut();
  refresh.release();
  await request;
  expect(await tokens.load()).toBeUndefined();
  client.close();
});

test('a token store that fails once is asked again', async () => {
  const tokens = new MemoryTokenStore();
  await sdkUser(app, 'free', { tokens });
  const load = jest.spyOn(tokens, 'load').mockRejectedValueOnce(new Error('the keychain is locked'));
  const client = sdkClient(app, { tokens });
  await expect(client.account.devices()).rejects.toThrow('the keychain is locked');
  expect(await client.account.devices()).toEqual([]);
  load.mockRestore();
  client.close();
});

test('a device whose clock is an hour ahead does not refresh before each request', async () => {
  let refreshes = 0;
  const ahead: typeof fetch = async (input, init) => {
    const response = await QUICK_KDF(input, init);
    if (String(input).endsWith('/auth/refresh')) refreshes += 1;
    if (!response.ok || !/\/auth\/(?:register|refresh)$/.test(String(input))) return response;
    const answer: { expires_at: number } = JSON.parse(await response.text());
    return Response.json({ ...answer, expires_at: answer.expires_at - 3_600_000 });
  };
  const { client } = await sdkUser(lasting, 'free', { fetch: ahead });
  for (let index = 0; index < 3; index += 1) await client.account.devices();
  expect(refreshes).toBe(0);
  client.close();
});

test('a client that signs in again after its session ended chats again', async () => {
  const { client, email } = await sdkUser(app);
  await textIn(client.chats.stream(MESSAGE));
  await client.account.signOut();
  for (let i = 0; i < 2; i += 1)
    await expect(textIn(client.chats.stream(MESSAGE))).rejects.toMatchObject({ name: 'ApiProblem', status: 401 });
  await client.account.signIn({ email, password: PASSWORD });
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  client.close();
});

test('a client that signs in as another user has no socket of the one before', async () => {
  const [before, after] = [await sdkUser(lasting), await sdkUser(lasting)];
  const { client } = before;
  const events: StorageChangedEvent[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  await client.account.signIn({ email: after.email, password: PASSWORD });
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  const store = new MemorySyncStore();
  await writeNote(store, 'a note');
  await after.client.sync(after.vault, store);
  await eventually(() => events.some(({ table }) => table === 'notes'));
  after.client.close();
  client.close();
});

test('what a user has asked and the server does not have is not sent as of the next one', async () => {
  const [before, after] = [await sdkUser(lasting), await sdkUser(lasting)];
  const proxy = await TcpProxy.before(lasting.url);
  const direct: typeof fetch = (input, init) => {
    const { pathname, search } = new URL(String(input));
    return QUICK_KDF(new URL(pathname + search, lasting.url), init);
  };
  const client = sdkClient(proxy, { fetch: direct });
  await client.account.signIn({ email: before.email, password: PASSWORD });
  await proxy.close();
  const asked = textIn(client.chats.stream(MESSAGE)).catch((error: unknown) => error);
  await client.account.signIn({ email: after.email, password: PASSWORD });
  await proxy.open();
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  expect(await asked).toMatchObject({ name: 'ConnectionProblem', code: 'closed' });
  client.close();
  await proxy.close();
});

test('a sign-out leaves the user signed in who has signed in with another client on the same store', async () => {
  const tokens = new MemoryTokenStore();
  const { client } = await sdkUser(lasting, 'free', { tokens });
  const other = await sdkUser(lasting);
  await sdkClient(lasting, { tokens }).account.signIn({ email: other.email, password: PASSWORD });
  const stored = await tokens.load();
  await client.account.signOut();
  expect(await tokens.load()).toEqual(stored);
  await sdkClient(lasting, { tokens }).account.signOut();
  expect(await tokens.load()).toBeUndefined();
});

test('tokens of a user that are being refreshed do not replace those of one who signs in meanwhile', async () => {
  const tokens = new MemoryTokenStore();
  await sdkUser(app, 'free', { tokens });
  const other = await sdkUser(app);
  const refresh = heldRefresh();
  const request = sdkClient(app, { tokens, fetch: refresh.fetch }).account.devices();
  await refresh.asked();
  const releasing: typeof fetch = async (input, init) => {
    const response = await QUICK_KDF(input, init);
    if (String(input).endsWith('/auth/login')) setImmediate(refresh.release);
    return response;
  };
  const next = sdkClient(app, { tokens, fetch: releasing });
  await Promise.all([request, next.account.signIn({ email: other.email, password: PASSWORD })]);
  expect((await sdkClient(app, { tokens }).account.profile()).email).toBe(other.email);
});

test('a client takes no tokens of another user, who signs in with another client on the same store', async () => {
  const tokens = new MemoryTokenStore();
  const own = await sdkUser(app, 'free', { tokens });
  const other = await sdkUser(app);
  await sdkClient(app, { tokens }).account.signIn({ email: other.email, password: PASSWORD });
  const { account } = own.client;
  const seen = new Set<unknown>();
  // As long as its own token is valid, it is the one user; then none.
  await eventually(async () => {
    const found = await account.profile().then(
      ({ email }) => email,
      (error: unknown) => error instanceof ApiProblem && error.status,
    );
    seen.add(found);
    return found !== own.email;
  });
  expect([...seen].at(-1)).toBe(401);
  own.client.close();
});

test('a socket that the server closes is opened again, and what it missed is announced', async () => {
  const { client } = await sdkUser(app);
  const events: unknown[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  await textIn(client.chats.stream(MESSAGE));
  const [session] = await client.account.sessions();
  const before = events.length;
  // As an expiry does: the socket is closed, and the session lives on.
  app.nest.get(PubSub).publish(SESSION_REVOKED, { user_id: '', session_id: session?.id ?? '' });
  await eventually(() => events.length > before);
  expect(events.at(-1)).toEqual({});
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  client.close();
});

test('chats survive connections that are cut, whenever that is', async () => {
  const { email } = await sdkUser(app);
  const proxy = await TcpProxy.before(app.url);
  const client = sdkClient(proxy);
  await client.account.signIn({ email, password: PASSWORD });
  await textIn(client.chats.stream(MESSAGE));
  const chats = Array.from({ length: 8 }, () => textIn(client.chats.stream(MESSAGE)));
  for (let i = 0; i < 3; i += 1) {
    await proxy.close();
    await proxy.open();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const texts = await Promise.all(chats);
  expect(texts.every((text) => text !== '' && text === texts[0])).toBe(true);
  client.close();
  await proxy.close();
});

test('an aborted stream ends with the reason of the abort', async () => {
  const { client } = await sdkUser(app);
  const controller = new AbortController();
  const events = client.chats.stream(MESSAGE, { signal: controller.signal });
  controller.abort(new Error('the user pressed stop'));
  await expect(textIn(events)).rejects.toThrow('the user pressed stop');
  const late = new AbortController();
  const never = () => (late.abort(), new Promise(() => undefined));
  const stream = client.chats.stream(
    { message: 'list my notes' },
    { signal: late.signal, tools: { list_notes: never } },
  );
  await expect(textIn(stream)).rejects.toMatchObject({ name: 'AbortError' });
  client.close();
});

test('a chat of a session that has ended fails with the problem', async () => {
  const { client } = await sdkUser(app);
  await client.account.signOut();
  await expect(client.chats.stream(MESSAGE).next()).rejects.toBeInstanceOf(ApiProblem);
  client.close();
});
