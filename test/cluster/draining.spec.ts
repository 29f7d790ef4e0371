import { randomBytes } from 'node:crypto';
import { request as httpRequest, Agent } from 'node:http';
import { HttpServerAdapter } from '../../apps/api/src/http-server.adapter';
import { SocketDrain } from '../../apps/api/src/chat/socket-drain.service';
import { chatOn, send } from '../chat/chat-helpers';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';

const WORDS = Array.from({ length: 30 }, (_, at) => `word${at} `);
const ASK = { message: 'Say words', agents: ['task_agent'] };

describe('a node that is stopping', () => {
  let model: FakeOpenAi;
  let stopping: TestApp;
  let other: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: WORDS, gap: 50 }));
    const settings = { ...model.settings, SOCKET_POLLING: 'false' };
    other = await TestApp.start(settings);
    stopping = await TestApp.start(settings, other);
    user = await other.user('power');
  });
  afterAll(async () => {
    await stopping.stop();
    await other.stop();
    await model.stop();
  });

  it('refuses sockets over HTTP long polling where several nodes serve, and says what to use', async () => {
    const response = await fetch(`${other.url}/socket.io/?EIO=4&transport=polling`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('connect with transports');
  });

  it('tells clients with each response to close the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connectionOf = (): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        const path = '/api/v1/health';
        const sent = httpRequest({ port: stopping.port, host: '127.0.0.1', path, agent }, (response) => {
          response.resume().once('end', () => resolve(response.headers.connection));
        });
        sent.once('error', reject).end();
      });
    expect(await connectionOf()).toBe('keep-alive');
    const server: unknown = stopping.nest.getHttpAdapter();
    if (!(server instanceof HttpServerAdapter)) throw new Error('another server');
    server.drain();
    expect(await connectionOf()).toBe('close');
    agent.destroy();
  });

  it('sends the sockets to the other node, where a chat with a key continues, and completes a chat without one', async () => {
    const resume_key = randomBytes(32).toString('base64url');
    const movable = await stopping.socket(user.accessToken);
    const received: string[] = [];
    const onToken = ({ text }: { text: string }): void => void received.push(text);
    movable.on('chat:token', onToken);
    const request_id = await send(movable, { ...ASK, resume_key });
    const bound = await stopping.socket(user.accessToken);
    const [moved, left] = [movable, bound].map(
      (socket) => new Promise((resolve) => socket.once('disconnect', resolve)),
    );
    const whole = chatOn(bound, ASK);
    await eventually(() => received.length >= 3 && model.seen.length === 2);
    stopping.nest.get(SocketDrain).start();
    // The reason after which a client of Socket.IO connects again by itself.
    expect(await moved).toBe('transport close');
    const again = await other.socket(user.accessToken);
    again.on('chat:token', onToken);
    const done = new Promise<{ response: string }>((resolve) => again.once('chat:done', resolve));
    await again.timeout(20_000).emitWithAck('chat:resume', { request_id, next_index: received.length, resume_key });
    expect((await done).response).toBe(WORDS.join(''));
    expect(received.join('')).toBe(WORDS.join(''));
    expect((await whole).response).toBe(WORDS.join(''));
    expect(await left).toBe('transport close');
  });
});
