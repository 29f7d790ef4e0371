import { once } from 'node:events';
import { createServer, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import { readAudio } from '../../apps/api/src/ai/audio-upload';
import type { EdgeRequest } from '../../apps/api/src/edge/principal';
import { Chat } from '@adiuva/chat';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';

/** A model that answers for minutes. */
const WORDS = Array.from({ length: 2_000 }, () => 'word ');

describe('a client that disconnects while its chat is being registered', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: WORDS, gap: 100 }));
    app = await TestApp.start({ ...model.settings, CHAT_DETACHED_TTL_MS: '1000' });
    user = await app.user('power');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it.each([
    ['wants no answer any more', 'application/json'],
    ['has CHAT_DETACHED_TTL_MS to come back for the events', 'text/event-stream'],
  ])('%s: the chat is cancelled', async (_, accept) => {
    model.seen.length = 0;
    const server: Server = app.nest.getHttpServer();
    await app.nest.get(Database).transaction(async (tx) => {
      await tx.query('LOCK TABLE chat_streams IN ACCESS EXCLUSIVE MODE');
      const arrived = once(server, 'request');
      const headers = { accept, 'content-type': 'application/json', authorization: `Bearer ${user.accessToken}` };
      const client = httpRequest(`${app.url}/api/v1/chat`, { method: 'POST', headers }).on('error', () => undefined);
      client.end(JSON.stringify({ message: 'Say words', agents: ['task_agent'] }));
      const [, response] = await arrived;
      await eventually(() => app.nest.get(Chat).sessions.length === 1);
      const closed = once(response, 'close');
      client.destroy();
      await closed;
    });
    await eventually(() => app.nest.get(Chat).sessions.length === 0);
    await eventually(() => model.seen.every(({ closedAt }) => closedAt !== undefined));
    // Not by the time limit of the model.
    expect(app.log.join('')).not.toContain('chat_failed');
  });
});

describe('the audio of a client that has disconnected', () => {
  it('is refused, whether or not all of it had arrived', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    for (const announced of [20, 10]) {
      const arrived = once(server, 'request') as Promise<[EdgeRequest, ServerResponse]>;
      const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(announced) };
      const client = httpRequest({ port: address.port, method: 'POST', headers });
      client.on('error', () => undefined).write(Buffer.alloc(10));
      const [request, response] = await arrived;
      const closed = once(response, 'close');
      client.destroy();
      await closed;
      await expect(readAudio(request)).rejects.toMatchObject({ code: 'malformed_request' });
    }
    server.close();
  });
});
