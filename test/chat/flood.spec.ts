import { setImmediate } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { chatOn } from './chat-helpers';

interface Answer {
  readonly ok: boolean;
  readonly problem?: { readonly code: string; readonly status: number; readonly retry_after?: number };
}

describe('a flood of frames', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  let socket: Socket;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: 'Hello.' }));
    app = await TestApp.start({ ...model.settings, RATE_LIMIT_FREE: '15' });
  });
  beforeEach(async () => {
    user = await app.user();
    socket = await app.socket(user.accessToken);
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const ask = (event: string, frame: object, on = socket): Promise<Answer> => on.emitWithAck(event, frame);
  const flood = async (count: number, event: string, frame: object): Promise<string[]> => {
    const answers = await Promise.all(Array.from({ length: count }, () => ask(event, frame)));
    return answers.map(({ problem }) => problem?.code ?? 'ok');
  };

  it.each<readonly [string, object, string]>([
    ['chat:cancel', { request_id: 'none' }, 'not_found'],
    ['chat:resume', { request_id: 'none', next_index: 0 }, 'not_found'],
    ['auth:renew', { token: 'forged' }, 'unauthenticated'],
  ])(
    'of %s is refused beyond what a client needs, on each of the user’s sockets, and not on those of others',
    async (event, frame, usual) => {
      const codes = await flood(800, event, frame);
      expect(codes.slice(0, 600)).toEqual(Array.from({ length: 600 }, () => usual));
      // Between refused ones a frame is accepted each time that one becomes due.
      expect(codes.slice(600)).toContain('rate_limited');
      const second = await app.socket(user.accessToken);
      // While it was opened a few more became due, but not so many.
      const answers = await Promise.all(Array.from({ length: 500 }, () => ask(event, frame, second)));
      const refused = answers.filter(({ problem }) => problem?.code === 'rate_limited');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]?.problem).toMatchObject({ status: 429, retry_after: 1 });
      const other = await app.socket((await app.user()).accessToken);
      expect((await ask(event, frame, other)).problem?.code).toBe(usual);
      expect((await chatOn(other, { message: 'Hi', agents: ['task_agent'] })).response).toBe('Hello.');
    },
  );

  it.each<readonly [string, string, object]>([
    ['that continues', 'chat:cancel', { request_id: 'none' }],
    ['of chats beyond the tier’s limit', 'chat:send', { message: 'Hi' }],
    ['of unknown events', 'chat:unknown', {}],
  ])('%s is cut off', async (_, event, frame) => {
    while (socket.connected) {
      for (let at = 0; at < 500; at += 1) socket.emit(event, frame);
      await setImmediate();
    }
    await app.call('get', '/health').expect(200);
  });

  it('a hundred chats can be cancelled within the frame limit', async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => flood(100, 'chat:cancel', { request_id: 'x' })));
    expect(answers.flat()).not.toContain('rate_limited');
  });
});
