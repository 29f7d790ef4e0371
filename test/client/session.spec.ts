import { AdiuvaClient, ApiProblem, MemorySyncStore, type ChatEvent } from '@adiuva/client';
import { PubSub } from '@adiuva/platform';
import { SESSION_REVOKED } from '@adiuva/auth';
import { eventually, TestApp } from '../support/app';
import { TcpProxy } from '../support/tcp-proxy';
import { PASSWORD, sdkUser, writeNote } from './support/sdk-user';

const MESSAGE = { message: 'remind me to call Anna tomorrow at 5' };

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({ ACCESS_TOKEN_SECONDS: '20' });
});
afterAll(() => app.stop());

async function textIn(events: AsyncIterable<ChatEvent>): Promise<string> {
  let text = '';
  for await (const event of events) {
    if (event.type === 'token') text += event.text;
    else expect(event.response).toBe(text);
  }
  return text;
}

test('a session far longer than its access token loses no chat and no storage event', async () => {
  const { client, vault, email } = await sdkUser(app);
  const other = new AdiuvaClient({ baseUrl: app.url });
  const signedIn = await other.account.signIn({ email, password: PASSWORD });
  const [mine, theirs] = [new MemorySyncStore(), new MemorySyncStore()];
  let events = 0;
  client.chats.onStorageChanged(() => void (events += 1));
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  const end = Date.now() + 62_000;
  let stored = 0;
  while (Date.now() < end) {
    const before = events;
    await writeNote(theirs, `note ${stored}`);
    await other.sync(signedIn.vault, theirs);
    stored += 1;
    await eventually(() => events > before, 10_000);
    expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
    // Longer than the token lives between two of them, so that the idle socket must be renewed.
    const pauseEnd = Date.now() + 18_000;
    await eventually(() => Date.now() > pauseEnd, 20_000);
  }
  await client.sync(vault, mine);
  expect((await mine.ids()).length).toBe(stored);
  client.close();
  other.close();
}, 120_000);

test('a socket that the server closes is opened again, and what it missed is announced', async () => {
  const { client } = await sdkUser(app);
  const events: unknown[] = [];
  client.chats.onStorageChanged((event) => void events.push(event));
  await textIn(client.chats.stream(MESSAGE));
  const [session] = await client.account.sessions();
  // As an expiry does: the socket is closed, and the session lives on.
  app.nest.get(PubSub).publish(SESSION_REVOKED, { user_id: '', session_id: session?.id ?? '' });
  await eventually(() => events.length > 0, 10_000);
  expect(events[0]).toEqual({});
  expect(await textIn(client.chats.stream(MESSAGE))).not.toBe('');
  client.close();
});

test('chats survive connections that are cut, whenever that is', async () => {
  const { email } = await sdkUser(app);
  const proxy = await TcpProxy.before(app.url);
  const client = new AdiuvaClient({ baseUrl: proxy.url });
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
}, 60_000);

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
