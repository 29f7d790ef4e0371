import { SESSION_REVOKED } from '@adiuva/auth';
import { Chat } from '@adiuva/chat';
import { Database, PubSub } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { lastToolResults, send } from './chat-helpers';

/** Copies of a database have the same ids of relations. */
const WAITING = `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
  WHERE NOT l.granted AND l.relation = 'entitlements'::regclass AND d.datname = current_database()`;

describe('the end of a session', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  beforeAll(async () => {
    model = await FakeOpenAi.start((request) =>
      lastToolResults(request).length > 0 ? { text: 'Late.' } : { calls: [{ name: 'list_tasks', arguments: {} }] },
    );
    app = await TestApp.start(model.settings);
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it.each<readonly [string, (user: TestUser) => Promise<unknown>]>([
    ['by a logout', (user) => app.call('post', '/auth/logout').send({ refresh_token: user.refreshToken }).expect(204)],
    [
      'by the erasure of the account',
      (user) => app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202),
    ],
  ])('%s stops its chats before their next model call', async (_, end) => {
    const user = await app.user();
    const socket = await app.socket(user.accessToken);
    const asked = new Promise((resolve) => socket.once('chat:tool_call', resolve));
    model.seen.length = 0;
    await send(socket, { message: 'What is due?', agents: ['task_agent'], client_tools: true });
    await asked;
    await end(user);
    await eventually(() => app.nest.get(Chat).sessions.every(({ userId }) => userId !== user.id));
    expect(model.seen).toHaveLength(1);
  });

  it('closes a socket whose session is revoked while it connects', async () => {
    const user = await app.user();
    const revoked = new Promise((resolve) => app.nest.get(PubSub).subscribe(SESSION_REVOKED, resolve));
    const connecting = await app.nest.get(Database).transaction(async (tx) => {
      await tx.query('LOCK TABLE entitlements IN ACCESS EXCLUSIVE MODE');
      const opened = app.socket(user.accessToken);
      // The session is read, and the tier is not.
      await eventually(async () => (await tx.query(WAITING)).length > 0);
      await app.call('post', '/auth/logout').send({ refresh_token: user.refreshToken }).expect(204);
      await revoked;
      return [opened];
    });
    const socket = await connecting[0];
    await eventually(() => socket?.connected === false);
  });
});
