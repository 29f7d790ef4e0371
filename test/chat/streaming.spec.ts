import type { Socket } from 'socket.io-client';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { chatOn, send } from './chat-helpers';

const WORDS = Array.from({ length: 30 }, (_, at) => `word${at} `);
const ENDLESS = { message: 'Say words without an end', agents: ['task_agent'] };
const ASK = { message: 'Say words', agents: ['task_agent'] };

interface Token {
  readonly request_id: string;
  readonly index: number;
  readonly text: string;
}

function tokensOf(socket: Socket): Token[] {
  const tokens: Token[] = [];
  socket.on('chat:token', (token: Token) => tokens.push(token));
  return tokens;
}

function joined(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

describe('a stream', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start((request) => ({
      text: WORDS,
      gap: JSON.stringify(request).includes(ENDLESS.message) ? 4_000 : 10,
    }));
    app = await TestApp.start({ ...model.settings, CHAT_STREAMS_FREE: '2' });
    user = await app.user('power');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it('is sent as server-sent events where the client accepts them', async () => {
    const { text, headers } = await app
      .call('post', '/chat', user)
      .set('Accept', 'text/event-stream')
      .send(ASK)
      .expect(200);
    expect(headers['content-type']).toContain('text/event-stream');
    const events = text.split('\n\n').filter((frame) => frame.includes('event: '));
    const data = events.map(
      (frame) => JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? '{}') as Token & { response?: string },
    );
    const done = data.pop();
    expect(data.map(({ index }) => index)).toEqual(data.map((_, at) => at));
    expect(events.slice(0, -1).every((frame, at) => frame.includes(`id: ${at}\nevent: token\n`))).toBe(true);
    expect(events.at(-1)).toContain('event: done');
    expect(done?.response).toBe(joined(data));
    expect(done?.response).toBe(WORDS.join(''));
  });

  it('is refused while the user has as many as the plan allows, on any connection, and starts when one has ended', async () => {
    const free = await app.user();
    const [one, other] = [await app.socket(free.accessToken), await app.socket(free.accessToken)];
    const running = [await send(one, ENDLESS), await send(other, ENDLESS)];
    const refused = await app.call('post', '/chat', free).send(ASK);
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([429, 'too_many_streams', '5']);
    await expect(send(one, ASK)).rejects.toMatchObject({ problem: { status: 429, code: 'too_many_streams' } });
    await one.emitWithAck('chat:cancel', { request_id: running[1] });
    await eventually(async () => (await app.call('post', '/chat', free).send(ASK)).status === 200);
    await one.emitWithAck('chat:cancel', { request_id: running[0] });
  });

  it('with a large context is refused while such ones hold much memory, and starts when one has ended', async () => {
    const team = await app.user('team', 2);
    const connection = await app.socket(team.accessToken);
    const large = { ...ENDLESS, context: { relevant_documents: ['x'.repeat(1_000_000)] } };
    const running: string[] = [];
    const refusal: unknown = await (async () => {
      for (;;) running.push(await send(connection, large));
    })().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ problem: { status: 503, code: 'unavailable' } });
    expect(running).toHaveLength(8);
    await chatOn(connection, ASK);
    await connection.emitWithAck('chat:cancel', { request_id: running[0] });
    await eventually(() =>
      send(connection, large).then(
        () => true,
        () => false,
      ),
    );
    connection.disconnect();
  });

  it('resumes after a disconnect without loss and without duplicates', async () => {
    const first = await app.socket(user.accessToken);
    const before = tokensOf(first);
    const requestId = await send(first, ASK);
    await eventually(() => before.length >= 3);
    first.disconnect();
    const second = await app.socket(user.accessToken);
    const after = tokensOf(second);
    const done = new Promise<{ response: string }>((resolve) => second.once('chat:done', resolve));
    second.emit('chat:resume', { request_id: requestId, next_index: before.length });
    const { response } = await done;
    expect([...before, ...after].map(({ index }) => index)).toEqual([...before, ...after].map((_, at) => at));
    expect(joined([...before, ...after])).toBe(response);
    expect(response).toBe(WORDS.join(''));
  });

  it('of server-sent events refuses an Idempotency-Key, because it cannot be replayed', async () => {
    const { body } = await app
      .call('post', '/chat', user)
      .set('Accept', 'text/event-stream')
      .set('Idempotency-Key', 'one')
      .send(ASK)
      .expect(422);
    expect(body.detail).toContain('Idempotency-Key');
  });

  it('can be resumed after its end, and not by another user', async () => {
    const socket = await app.socket(user.accessToken);
    const { request_id, response } = await chatOn(socket, ASK);
    const again = await app.socket(user.accessToken);
    const tokens = tokensOf(again);
    const done = new Promise<{ response: string }>((resolve) => again.once('chat:done', resolve));
    expect(await again.emitWithAck('chat:resume', { request_id, next_index: 2 })).toEqual({ ok: true, request_id });
    expect((await done).response).toBe(response);
    expect(tokens[0]?.index).toBe(2);
    const other = await app.socket((await app.user()).accessToken);
    const refused = await other.emitWithAck('chat:resume', { request_id, next_index: 0 });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });

  it('keeps its tokens apart from nineteen others on one socket', async () => {
    model.answer(({ messages }) => {
      const asked = String(messages.at(-1)?.content);
      return { text: Array.from({ length: 30 }, (_, at) => `${asked}-${at} `), gap: 10 };
    });
    const socket = await app.socket(user.accessToken);
    const tokens = tokensOf(socket);
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, at) => chatOn(socket, { ...ASK, message: `wish${at}`, request_id: `chat-${at}` })),
    );
    for (const { request_id, response } of ends) {
      const label = request_id.replace('chat-', 'wish');
      expect(response).toBe(Array.from({ length: 30 }, (_, at) => `${label}-${at} `).join(''));
      const own = tokens.filter((token) => token.request_id === request_id);
      expect(own.map(({ index }) => index)).toEqual(own.map((_, at) => at));
      expect(joined(own)).toBe(response);
    }
  });
});
