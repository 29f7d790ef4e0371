import type { Socket } from 'socket.io-client';
import { ChatConfig } from '@adiuva/chat';
import { Environment } from '@adiuva/config';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fake-openai';
import { send } from './chatting';

const STREAMS = 100;
const WORDS = Array.from({ length: 24 }, (_, at) => `word${at} `);
const ASK = { message: 'Say words', agents: ['task_agent'] };

/** What a client has heard of its chats; it notices a hole and a double at once. */
class Heard {
  readonly texts = new Map<string, string[]>();
  readonly responses = new Map<string, string>();
  readonly faults: string[] = [];

  on(socket: Socket): void {
    socket.on('chat:token', ({ request_id, index, text }: { request_id: string; index: number; text: string }) => {
      const texts = this.texts.get(request_id) ?? [];
      this.texts.set(request_id, texts);
      if (index !== texts.length) this.faults.push(`${request_id}: token ${index} instead of ${texts.length}`);
      texts.push(text);
    });
    socket.on('chat:error', ({ request_id, problem }: { request_id: string; problem: { code: string } }) => {
      this.faults.push(`${request_id}: ${problem.code}`);
    });
    socket.on('chat:done', ({ request_id, response }: { request_id: string; response: string }) => {
      if (this.responses.has(request_id)) this.faults.push(`${request_id}: ended twice`);
      this.responses.set(request_id, response);
    });
  }

  get tokens(): number {
    return [...this.texts.values()].reduce((sum, texts) => sum + texts.length, 0);
  }
}

describe('streams whose socket is cut', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: WORDS, gap: 40 }));
    app = await TestApp.start({ ...model.settings, LLM_MONTHLY_TOKENS_POWER: '1000000000' });
    user = await app.user('power');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it('in the middle, a hundred of them, and once more, go on without loss and without doubles', async () => {
    const heard = new Heard();
    let socket = await app.socket(user.accessToken);
    heard.on(socket);
    const ids = await Promise.all(
      Array.from({ length: STREAMS }, (_, at) => send(socket, { ...ASK, request_id: `cut-${at}` })),
    );
    for (const most of [STREAMS * 5, STREAMS * 12]) {
      await eventually(() => heard.tokens >= most);
      socket.disconnect();
      socket = await app.socket(user.accessToken);
      heard.on(socket);
      for (const request_id of ids.filter((id) => !heard.responses.has(id))) {
        socket.emit('chat:resume', { request_id, next_index: heard.texts.get(request_id)?.length ?? 0 });
      }
    }
    await eventually(() => heard.responses.size === STREAMS || heard.faults.length > 0, 15_000);
    expect(heard.faults).toEqual([]);
    for (const id of ids) {
      expect(heard.texts.get(id)?.join('')).toBe(heard.responses.get(id));
      expect(heard.responses.get(id)).toBe(WORDS.join(''));
    }
  });
});

describe('a stream that nobody follows', () => {
  it('goes on for more than a minute by default, and is cancelled after its time but not before', async () => {
    const model = await FakeOpenAi.start(() => ({ text: Array.from({ length: 500 }, () => 'word '), gap: 20 }));
    const app = await TestApp.start({ ...model.settings, CHAT_OUTLIVES_MS: '600' });
    const user = await app.user();
    expect(new ChatConfig(new Environment({})).CHAT_OUTLIVES_MS).toBeGreaterThanOrEqual(60_000);
    const socket = await app.socket(user.accessToken);
    const request_id = await send(socket, ASK);
    await eventually(() => model.seen.length === 1);
    const left = performance.now();
    socket.disconnect();
    await eventually(() => model.seen[0]?.closedAt !== undefined);
    expect((model.seen[0]?.closedAt ?? 0) - left).toBeGreaterThanOrEqual(590);
    const again = await app.socket(user.accessToken);
    const ended = new Promise<{ problem: { code: string } }>((resolve) => again.once('chat:error', resolve));
    again.emit('chat:resume', { request_id, next_index: 0 });
    expect((await ended).problem.code).toBe('cancelled');
    await app.stop();
    await model.stop();
  });
});
