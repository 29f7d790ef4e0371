import type { Socket } from 'socket.io-client';
import { ChatConfig } from '@adiuva/chat';
import { Environment } from '@adiuva/config';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { send } from './chat-helpers';

const STREAMS = 100;
const WORDS = Array.from({ length: 24 }, (_, at) => `word${at} `);
const ASK = { message: 'Say words', agents: ['task_agent'] };

/** Tokens that a client has received, by chat; fails on a gap or a duplicate. */
class Received {
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

describe('disconnected streams', () => {
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

  it('a hundred streams that are disconnected twice resume without loss and without duplicates', async () => {
    const received = new Received();
    let socket = await app.socket(user.accessToken);
    received.on(socket);
    const ids = await Promise.all(
      Array.from({ length: STREAMS }, (_, at) => send(socket, { ...ASK, request_id: `cut-${at}` })),
    );
    for (const minimum of [STREAMS * 5, STREAMS * 12]) {
      await eventually(() => received.tokens >= minimum);
      socket.disconnect();
      socket = await app.socket(user.accessToken);
      received.on(socket);
      for (const request_id of ids.filter((id) => !received.responses.has(id))) {
        socket.emit('chat:resume', { request_id, next_index: received.texts.get(request_id)?.length ?? 0 });
      }
    }
    await eventually(() => received.responses.size === STREAMS || received.faults.length > 0);
    expect(received.faults).toEqual([]);
    for (const id of ids) {
      expect(received.texts.get(id)?.join('')).toBe(received.responses.get(id));
      expect(received.responses.get(id)).toBe(WORDS.join(''));
    }
  });
});

describe('an orphaned stream', () => {
  /** What has ended is kept as long, so the look at it has this time on a machine that stands still for seconds. */
  const TTL_MS = 5_000;

  it('continues for more than a minute by default, and is cancelled after CHAT_DETACHED_TTL_MS but not before', async () => {
    const model = await FakeOpenAi.start(() => ({ text: Array.from({ length: 500 }, () => 'word '), gap: 100 }));
    const app = await TestApp.start({ ...model.settings, CHAT_DETACHED_TTL_MS: String(TTL_MS) });
    const user = await app.user();
    expect(new ChatConfig(new Environment({})).CHAT_DETACHED_TTL_MS).toBeGreaterThanOrEqual(60_000);
    const [socket, again] = [await app.socket(user.accessToken), await app.socket(user.accessToken)];
    const request_id = await send(socket, ASK);
    await eventually(() => model.seen.length === 1);
    const left = performance.now();
    socket.disconnect();
    await eventually(() => model.seen[0]?.closedAt !== undefined);
    expect((model.seen[0]?.closedAt ?? 0) - left).toBeGreaterThanOrEqual(TTL_MS - 10);
    const ended = new Promise<{ problem: { code: string } }>((resolve) => again.once('chat:error', resolve));
    again.emit('chat:resume', { request_id, next_index: 0 });
    expect((await ended).problem.code).toBe('cancelled');
    await app.stop();
    await model.stop();
  });
});
