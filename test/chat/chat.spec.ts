import { setTimeout } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { Chat } from '@adiuva/chat';
import { eventually, TestApp, type TestUser, whenBusy } from '../support/app';
import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';

const PROBE_AFTER_MS = 10;

const isRouting = (request: CompletionRequest) =>
  request.tools?.some((tool) => tool.function.name === 'route') === true;
const hasToolResult = (request: CompletionRequest) => request.messages.at(-1)?.role === 'tool';

/** A model that routes to the task agent and then follows `script`. */
const agentSays =
  (script: (request: CompletionRequest) => Script, agent = 'task_agent') =>
  (request: CompletionRequest) =>
    isRouting(request) ? { calls: [{ name: 'route', arguments: { agents: [agent] } }] } : script(request);

interface Received {
  readonly tokens: { index: number; text: string; at: number }[];
  readonly end: Promise<{ event: 'chat:done' | 'chat:error'; at: number; [member: string]: unknown }>;
}

/** Follows one chat of a socket. */
function listen(socket: Socket, requestId: string): Received {
  const tokens: Received['tokens'] = [];
  socket.on('chat:token', (token: { request_id: string; index: number; text: string }) => {
    if (token.request_id === requestId) tokens.push({ ...token, at: performance.now() });
  });
  const end = new Promise<Awaited<Received['end']>>((resolve) => {
    for (const event of ['chat:done', 'chat:error'] as const) {
      socket.on(event, (frame: { request_id: string }) => {
        if (frame.request_id === requestId) resolve({ ...frame, event, at: performance.now() });
      });
    }
  });
  return { tokens, end };
}

describe('a chat', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start({
      ...model.settings,
      LLM_FIRST_TOKEN_TIMEOUT_MS: '2000',
      LLM_TOKEN_GAP_TIMEOUT_MS: '2000',
      LLM_TOTAL_TIMEOUT_MS: '20000',
      LLM_PROBE_AFTER_MS: String(PROBE_AFTER_MS),
    });
    user = await app.user();
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const ask = (message: string, more: object = {}) => app.call('post', '/chat', user).send({ message, ...more });

  it('streams tokens before the model has finished, and `response` of done equals the joined tokens', async () => {
    model.answer(agentSays(() => ({ text: ['One ', 'two ', 'three ', 'four.'], gap: 200 })));
    const socket = await app.socket(user.accessToken);
    const received = listen(socket, 'stream-1');
    expect(await socket.emitWithAck('chat:send', { message: 'count', request_id: 'stream-1' })).toEqual({
      ok: true,
      request_id: 'stream-1',
    });
    const done = await received.end;
    expect(done).toMatchObject({
      event: 'chat:done',
      done: true,
      agent: 'task_agent',
      actions: [],
      response: 'One two three four.',
    });
    expect(received.tokens.map(({ index }) => index)).toEqual(received.tokens.map((_, at) => at));
    expect(received.tokens.map(({ text }) => text).join('')).toBe(done['response']);
    expect(done.at - (received.tokens[0]?.at ?? done.at)).toBeGreaterThan(60);
    expect(done['usage']).toEqual({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) });
  });

  it('write tool calls become actions that the client carries out', async () => {
    const due = Date.parse('2026-03-05T17:00:00Z');
    model.answer(
      agentSays((request) =>
        hasToolResult(request)
          ? { text: 'Done.' }
          : {
              calls: [
                {
                  name: 'create_task',
                  arguments: { title: 'Call Anna', priority: 'high', due_date: due, description: null },
                },
              ],
            },
      ),
    );
    const { body } = await ask('remind me to call Anna').expect(200);
    expect(body.actions).toEqual([
      {
        type: 'create_record',
        table: 'tasks',
        agent: null,
        data: { id: expect.any(String), title: 'Call Anna', priority: 'high', due_date: due },
      },
    ]);
    expect(body).toMatchObject({ response: 'Done.', agent: 'task_agent', request_id: expect.any(String) });
  });

  it('read tools read only the context of the request', async () => {
    model.answer(
      agentSays((request) =>
        hasToolResult(request)
          ? { text: 'You have one.' }
          : { calls: [{ name: 'list_tasks', arguments: { search: 'anna' } }] },
      ),
    );
    const recent_tasks = [
      { id: 't1', title: 'Call Anna' },
      { id: 't2', title: 'Buy milk' },
    ];
    await ask('what about Anna?', { context: { recent_tasks } }).expect(200);
    const result = model.seen.at(-1)?.body.messages.at(-1);
    expect(JSON.parse(String(result?.content))).toEqual([{ id: 't1', title: 'Call Anna' }]);
  });

  it('an update action has only the changed fields', async () => {
    model.answer(
      agentSays((request) =>
        hasToolResult(request)
          ? { text: 'Ok.' }
          : { calls: [{ name: 'update_task', arguments: { task_id: 't1', due_date: -1, status: 'done' } }] },
      ),
    );
    const { body } = await ask('done').expect(200);
    expect(body.actions[0]).toEqual({
      type: 'update_record',
      table: 'tasks',
      data: { id: 't1', status: 'done' },
      agent: null,
    });
  });

  it.each<readonly [string, string, unknown]>([
    ['a tool that does not exist', 'drop_database', {}],
    ['wrong arguments', 'create_task', { title: '', priority: 'urgent' }],
    ['arguments that are no JSON', 'create_task', '{"title":'],
    ['a tool of another agent', 'create_note', { title: 'x', content: 'x' }],
  ])('a call of %s is an error result for the model and no action', async (_, name, args) => {
    model.answer(
      agentSays((request) =>
        hasToolResult(request) ? { text: 'I could not.' } : { calls: [{ name, arguments: args }] },
      ),
    );
    const { body } = await ask('do it').expect(200);
    expect(body.actions).toEqual([]);
  });

  it('a tool loop ends after five rounds', async () => {
    let rounds = 0;
    model.answer(
      agentSays((request) => {
        rounds += 1;
        return request.tools ? { calls: [{ name: 'list_tasks', arguments: {} }] } : { text: 'I give up.' };
      }),
    );
    const { body } = await ask('loop').expect(200);
    expect([rounds, body.response]).toEqual([6, 'I give up.']);
  });

  it('the agent that the router names answers, and the task agent when the router fails', async () => {
    model.answer(agentSays(() => ({ text: 'Hi.' }), 'note_agent'));
    expect((await ask('a note')).body.agent).toBe('note_agent');
    model.answer((request) => (isRouting(request) ? { text: 'Bananas.' } : { text: 'Hi.' }));
    expect((await ask('a note')).body.agent).toBe('task_agent');
    model.answer(agentSays(() => ({ text: 'Hi.' }), 'checkpoint_agent'));
    expect((await ask('a milestone')).body.agent).toBe('task_agent');
  });

  it('the router receives the conversation history and nothing else of the context', async () => {
    model.answer(agentSays(() => ({ text: 'Hi.' })));
    model.seen.length = 0;
    const conversation_history = [
      { role: 'user', content: 'I speak of my notes' },
      { role: 'assistant', content: 'Which ones?' },
    ];
    await ask('the second', { context: { conversation_history, recent_tasks: [{ id: 't1', title: 'Hush' }] } });
    const routing = model.seen.find(({ body }) => isRouting(body))?.body.messages ?? [];
    expect(routing.slice(1).map(({ role, content }) => [role, content])).toEqual([
      ['user', 'I speak of my notes'],
      ['assistant', 'Which ones?'],
      ['user', 'the second'],
    ]);
    expect(JSON.stringify(routing)).not.toContain('Hush');
  });

  it('unknown agents and agents of a higher tier are refused', async () => {
    expect((await ask('x', { agents: ['no_agent'] })).body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect((await ask('x', { agents: ['checkpoint_agent'] })).body).toMatchObject({
      status: 402,
      code: 'upgrade_required',
      required_tier: 'pro',
    });
  });

  it.each<readonly [string, Script, number, string]>([
    ['refuses our key', { status: 401 }, 502, 'upstream_failed'],
    ['is overloaded', { status: 429, headers: { 'retry-after': '7' } }, 503, 'unavailable'],
    ['fails', { status: 500 }, 502, 'upstream_failed'],
    ['stalls before the first token', { firstDelay: 8_000, text: 'late' }, 504, 'upstream_timeout'],
    ['stalls in the middle', { text: ['one ', 'two '], after: 1, then: 'stall' }, 504, 'upstream_timeout'],
    ['resets the connection', { text: ['one ', 'two '], after: 1, then: 'reset' }, 502, 'upstream_failed'],
    ['sends garbage', { text: ['one ', 'two '], after: 1, then: 'garbage' }, 502, 'upstream_failed'],
    ['says nothing at all', { after: -1, then: 'end' }, 502, 'upstream_failed'],
    ['is a page', { after: -1, then: 'page' }, 502, 'upstream_failed'],
    ['comes to no end of a line', { text: ['one ', 'two '], after: 1, then: 'endless line' }, 502, 'upstream_failed'],
  ])('answers with a problem when the model %s', async (_, script, status, code) => {
    model.answer(agentSays(() => script));
    const rest = await ask('x');
    expect(rest.body).toMatchObject({ status, code });
    expect(rest.text).not.toContain('scripted secret failure');
    if (status === 503) expect(Number(rest.headers['retry-after'])).toBeGreaterThan(0);
    const socket = await app.socket(user.accessToken);
    // A refused key opens the breaker.
    await setTimeout(2 * PROBE_AFTER_MS);
    const received = listen(socket, 'fault');
    const frames: unknown[] = [];
    socket.onAny((event: string, frame: { request_id?: string }) => {
      if (frame.request_id === 'fault') frames.push(event);
    });
    socket.emit('chat:send', { message: 'x', request_id: 'fault' });
    expect(await received.end).toMatchObject({ event: 'chat:error', problem: { status, code, request_id: 'fault' } });
    model.answer(agentSays(() => ({ text: 'Well again.' })));
    const after = listen(socket, 'after');
    socket.emit('chat:send', { message: 'x', request_id: 'after' });
    // The breaker may still be open, which is an end as well.
    await after.end;
    expect(frames.indexOf('chat:error')).toBe(frames.length - 1);
    socket.disconnect();
  });

  it('a chat over server-sent events ends with `error` when the model fails in the middle', async () => {
    model.answer(agentSays(() => ({ text: ['one ', 'two ', 'three '], after: 3, gap: 200, then: 'reset' })));
    const { text } = await app
      .call('post', '/chat', user)
      .set('Accept', 'text/event-stream')
      .send({ message: 'x' })
      .expect(200);
    const events = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect(events[0]).toBe('token');
    expect(events.indexOf('error')).toBe(events.length - 1);
    expect(JSON.parse(/^event: error\ndata: (.*)$/m.exec(text)?.[1] ?? '{}')).toMatchObject({
      problem: { status: 502, code: 'upstream_failed' },
    });
  });

  it('cancelling a chat closes the connection to the model, minutes before the end of its answer', async () => {
    model.answer(agentSays(() => ({ text: Array.from({ length: 10_000 }, () => 'word '), gap: 50 })));
    const socket = await app.socket(user.accessToken);
    const received = listen(socket, 'cancel-1');
    await socket.emitWithAck('chat:send', { message: 'long', request_id: 'cancel-1' });
    await eventually(() => received.tokens.length > 1);
    const cancelled = performance.now();
    expect(await socket.emitWithAck('chat:cancel', { request_id: 'cancel-1' })).toEqual({
      ok: true,
      request_id: 'cancel-1',
    });
    await eventually(() => model.seen.at(-1)?.closedAt !== undefined);
    expect(await received.end).toMatchObject({ event: 'chat:error', problem: { code: 'cancelled' } });
    // Not by LLM_TOTAL_TIMEOUT_MS.
    expect((model.seen.at(-1)?.closedAt ?? Infinity) - cancelled).toBeLessThan(whenBusy(1_000));
  });

  it('frames about one chat are handled in order: a chat can be cancelled and resumed while it is being started', async () => {
    model.answer(agentSays(() => ({ text: Array.from({ length: 1_000 }, () => 'word '), gap: 50 })));
    const socket = await app.socket(user.accessToken);
    const received = listen(socket, 'at-once');
    const [sent, resumed, cancelled, ended] = await Promise.all([
      socket.emitWithAck('chat:send', { message: 'long', request_id: 'at-once' }),
      socket.emitWithAck('chat:resume', { request_id: 'at-once', next_index: 0 }),
      socket.emitWithAck('chat:cancel', { request_id: 'at-once' }),
      received.end,
    ]);
    expect([sent.ok, resumed.ok, cancelled.ok]).toEqual([true, true, true]);
    expect(ended).toMatchObject({ event: 'chat:error', problem: { code: 'cancelled' } });
    await eventually(() => app.nest.get(Chat).sessions.length === 0);
  });

  it('a chat over REST is cancelled when the client disconnects', async () => {
    model.answer(agentSays(() => ({ text: Array.from({ length: 100 }, () => 'word '), gap: 50 })));
    const before = model.seen.length;
    const request = app.call('post', '/chat', user).send({ message: 'long' });
    request.end(() => undefined);
    await eventually(() => model.seen.length >= before + 2);
    request.abort();
    await eventually(() => model.seen.at(-1)?.closedAt !== undefined);
  });

  it('a chat of another user can be neither cancelled nor resumed', async () => {
    model.answer(agentSays(() => ({ text: ['a ', 'b ', 'c '], gap: 100 })));
    const [mine, theirs] = [await app.socket(user.accessToken), await app.socket((await app.user()).accessToken)];
    const received = listen(mine, 'mine');
    const overheard = listen(theirs, 'mine');
    await mine.emitWithAck('chat:send', { message: 'x', request_id: 'mine' });
    expect(await theirs.emitWithAck('chat:cancel', { request_id: 'mine' })).toMatchObject({
      ok: false,
      problem: { status: 404 },
    });
    expect((await received.end).event).toBe('chat:done');
    expect(overheard.tokens).toEqual([]);
  });

  it.each<readonly [string, unknown]>([
    ['without a message', {}],
    ['with an unknown member', { message: 'x', tier: 'team' }],
    ['that is a string', 'hello'],
    ['that is nothing', null],
    ['with a strange request id', { message: 'x', request_id: 'a b' }],
    ['with a NUL', { message: 'a\0b' }],
  ])('frame %s is refused with a problem', async (_, frame) => {
    const socket = await app.socket(user.accessToken);
    expect(await socket.emitWithAck('chat:send', frame)).toMatchObject({
      ok: false,
      problem: { status: 400, code: expect.any(String) },
    });
    expect(socket.connected).toBe(true);
    socket.disconnect();
  });

  it('the request id is forwarded to the model, and no text of the user is logged', async () => {
    model.answer(agentSays(() => ({ text: 'Marker-answer-93.' })));
    await app
      .call('post', '/chat', user)
      .set('X-Request-Id', 'trace-me')
      .send({ message: 'marker-question-92' })
      .expect(200);
    expect(model.seen.at(-1)?.headers['x-request-id']).toBe('trace-me');
    expect(app.log.join('')).toContain('trace-me');
    expect(app.log.join('')).not.toMatch(/marker-question-92|Marker-answer-93/);
  });
});

describe('a server without a language model', () => {
  it('a chat without a model is 501 naming the setting, and other routes work', async () => {
    const app = await TestApp.start({ LLM_PROVIDER: 'disabled' });
    const user = await app.user();
    const { body } = await app.call('post', '/chat', user).send({ message: 'x' }).expect(501);
    expect(body).toMatchObject({ code: 'not_configured', detail: expect.stringContaining('LLM_PROVIDER') });
    expect((await app.call('get', '/health/ready')).body.checks.llm).toBe('disabled');
    await app.stop();
  });

  it('the offline assistant answers everyday commands where no key is configured', async () => {
    const app = await TestApp.start({ LLM_PROVIDER: 'auto' });
    const user = await app.user();
    const context = { user_profile: { timezone: 'Europe/Berlin' } };
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'remind me to call Anna tomorrow at 5, high priority', context })
      .expect(200);
    expect(body.actions).toEqual([
      expect.objectContaining({
        type: 'create_record',
        table: 'tasks',
        data: expect.objectContaining({ title: 'Call Anna', priority: 'high' }),
      }),
    ]);
    await app.stop();
  });
});
