import type { Socket } from 'socket.io-client';
import { Continuations } from '@adiuva/chat';
import { newId } from '@adiuva/kernel';
import { Database, Log, ServerKeys } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type CompletionRequest } from '../support/fakes/models/fake-openai';
import { chatOn, databaseHolds, FACT, lastToolResults, noteReader, send } from './chat-helpers';

const NOTES = Array.from({ length: 50 }, (_, index) => ({ id: `note-${index + 1}`, title: `Note ${index + 1}` }));
function lookUp(name: string, args: { note_id?: string }): unknown {
  if (name === 'list_notes') return NOTES;
  return { ...NOTES.find(({ id }) => id === args.note_id), content: args.note_id === 'note-37' ? FACT : 'other' };
}

function eventsOf(text: string): { event: string; data: Record<string, unknown> }[] {
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event = '', data = '{}']) => ({
    event,
    data: JSON.parse(data),
  }));
}

describe('client tools', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  let socket: Socket;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start({ ...model.settings, CHAT_STREAMS_FREE: '2' });
  });
  beforeEach(async () => {
    user = await app.user('power');
    socket = await app.socket(user.accessToken);
  });
  const asEvents = (path: string, body: object) =>
    app.call('post', path, user).set('Accept', 'text/event-stream').send(body).expect(200);
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it('answer a question about note 37 of 50 over the socket, and the database never holds the fact', async () => {
    model.answer(noteReader);
    socket.on('chat:tool_call', ({ name, arguments: args }, ack) => ack({ ok: true, result: lookUp(name, args) }));
    const done = await chatOn(socket, { message: 'What does note 37 say?', client_tools: true });
    expect(done.response).toContain(FACT);
    expect(await databaseHolds(app.database.url, 'quince')).toBe(false);
    expect(app.log.join('')).not.toContain('quince');
  });

  it('answer the same over REST by continuations, each of which is spent once', async () => {
    model.answer(noteReader);
    let { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'What does note 37 say?', client_tools: true })
      .expect(200);
    const spent: { continuation: string; tool_results: unknown }[] = [];
    while (body.status === 'requires_action') {
      const tool_results = body.tool_calls.map(
        (call: { call_id: string; name: string; arguments: { note_id?: string } }) => ({
          call_id: call.call_id,
          result: lookUp(call.name, call.arguments),
        }),
      );
      spent.push({ continuation: body.continuation, tool_results });
      ({ body } = await app.call('post', '/chat/continue', user).send(spent.at(-1)).expect(200));
    }
    expect(spent).toHaveLength(2);
    for (const { continuation } of spent) {
      const bytes = Buffer.from(continuation, 'base64url').toString('latin1');
      expect(bytes).not.toMatch(/quince|note|message/i);
    }
    expect(body.response).toContain(FACT);
    expect(body.usage).toEqual({ input_tokens: 400, output_tokens: 80 });
    for (const again of spent) {
      const { body: problem } = await app.call('post', '/chat/continue', user).send(again).expect(409);
      expect(problem.code).toBe('continuation_spent');
    }
    expect(await databaseHolds(app.database.url, 'quince')).toBe(false);
  });

  it('of ten concurrent uses of one continuation, one succeeds', async () => {
    model.answer(noteReader);
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const again = {
      continuation: body.continuation,
      tool_results: [{ call_id: body.tool_calls[0].call_id, result: [] }],
    };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.call('post', '/chat/continue', user).send(again)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });

  it('a continuation may be used again when its answer failed without a word, or its process died', async () => {
    model.answer(noteReader);
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const again = {
      continuation: body.continuation,
      tool_results: [{ call_id: body.tool_calls[0].call_id, result: [] }],
    };
    model.answer(() => ({ status: 400 }));
    await app.call('post', '/chat/continue', user).send(again).expect(502);
    model.answer(() => ({ text: 'wait', after: 1, then: 'stall' }));
    const seen = model.seen.length;
    const lost = app.call('post', '/chat/continue', user).send(again);
    lost.end(() => undefined);
    await eventually(() => model.seen.length > seen);
    model.answer(noteReader);
    const running = await app.call('post', '/chat/continue', user).send(again).expect(409);
    expect([running.body.code, Number(running.headers['retry-after']) > 0]).toEqual(['continuation_spent', true]);
    await app.nest
      .get(Database)
      .query(`UPDATE spent_continuations SET lease_until = now() - interval '1 second' WHERE user_id = $1`, [user.id]);
    await app.call('post', '/chat/continue', user).send(again).expect(200);
    await app.call('post', '/chat/continue', user).send(again).expect(409);
    lost.abort();
  });

  it('a continuation that is refused because too many answers are in progress may be used later', async () => {
    model.answer(noteReader);
    const free = await app.user();
    const { body } = await app
      .call('post', '/chat', free)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const tool_results = [{ call_id: body.tool_calls[0].call_id, result: [] }];
    const again = { continuation: body.continuation, tool_results };
    model.answer(() => ({ text: Array.from({ length: 40 }, () => 'wait '), gap: 3_000 }));
    const connection = await app.socket(free.accessToken);
    const endless = { message: 'Say words', agents: ['note_agent'] };
    const running = [await send(connection, endless), await send(connection, endless)];
    const refused = await app.call('post', '/chat/continue', free).send(again).expect(429);
    expect(refused.body.code).toBe('too_many_streams');
    for (const request_id of running) await connection.emitWithAck('chat:cancel', { request_id });
    model.answer(noteReader);
    await eventually(async () => (await app.call('post', '/chat/continue', free).send(again)).status === 200);
  });

  it('results of client tools must be objects with `call_id` and `result`', async () => {
    for (const odd of [null, 1, 'x', [], true]) {
      const body = { continuation: 'A'.repeat(200), tool_results: [{ call_id: 'a', result: 1 }, odd] };
      const { status, body: problem } = await app.call('post', '/chat/continue', user).send(body);
      expect([odd, status, problem.code]).toEqual([odd, 400, 'validation_failed']);
    }
  });

  it('a continuation of another user, or an altered one, is 404', async () => {
    model.answer(noteReader);
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const tool_results = [{ call_id: body.tool_calls[0].call_id, result: [] }];
    const other = await app.user('power');
    const foreign = await app
      .call('post', '/chat/continue', other)
      .send({ continuation: body.continuation, tool_results })
      .expect(404);
    const changed = body.continuation.slice(0, -6) + (body.continuation.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA');
    const forged = await app
      .call('post', '/chat/continue', user)
      .send({ continuation: changed, tool_results })
      .expect(404);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...forged.body, request_id: '' });
    await app.call('get', '/auth/me', { accessToken: body.continuation }).expect(401);
    await app.call('post', '/chat/continue', user).send({ continuation: body.continuation, tool_results }).expect(200);
  });

  it('a continuation is 404 after sixteen minutes', async () => {
    const sealed = (minutes: number): string => {
      const clock = { now: () => new Date(Date.now() - minutes * 60_000) };
      const continuations = new Continuations(
        app.nest.get(ServerKeys),
        app.nest.get(Database),
        clock,
        app.nest.get(Log),
      );
      const state = {
        message: 'Hi',
        context: {},
        mode: 'direct' as const,
        startedAt: Date.now(),
        spentMs: 0,
        toolArguments: [],
        journal: [],
      };
      const caller = { userId: user.id, sessionId: newId(), tier: 'power' as const, seats: 1, role: 'user' as const };
      return continuations.seal(caller, { ...state, pending: ['call'] });
    };
    // Whether it is there shows before the results are looked at.
    const tool_results = [{ call_id: 'other', result: 1 }];
    const send = (minutes: number) =>
      app.call('post', '/chat/continue', user).send({ continuation: sealed(minutes), tool_results });
    await send(16).expect(404);
    await send(14).expect(400);
  });

  it('tool calls are server-sent events too, and the chat resumes as events', async () => {
    model.answer(noteReader);
    const asked = { message: 'What stands in note 37?', agents: ['note_agent'], client_tools: true };
    let events = eventsOf((await asEvents('/chat', asked)).text);
    const seen: string[] = [];
    for (let round = 0; events.at(-1)?.data['status'] === 'requires_action' && round < 5; round += 1) {
      const calls = events.filter(({ event }) => event === 'tool_call').map(({ data }) => data);
      expect(events.at(-1)?.data['tool_calls']).toEqual(
        calls.map(({ call_id, name, arguments: args }) => ({ call_id, name, arguments: args })),
      );
      seen.push(...calls.map(({ name }) => String(name)));
      const tool_results = calls.map(({ call_id, name, arguments: args }) => ({
        call_id,
        result: lookUp(String(name), args as { note_id?: string }),
      }));
      const { continuation } = events.at(-1)?.data ?? {};
      events = eventsOf((await asEvents('/chat/continue', { continuation, tool_results })).text);
    }
    expect(seen).toEqual(['list_notes', 'get_note']);
    const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => data['text']);
    expect(events.at(-1)?.event).toBe('done');
    expect(tokens.join('')).toContain(FACT);
    expect(events.at(-1)?.data['response']).toBe(tokens.join(''));
  });

  it('erasing an account deletes its spent continuations', async () => {
    model.answer(noteReader);
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const tool_results = [{ call_id: body.tool_calls[0].call_id, result: [] }];
    await app.call('post', '/chat/continue', user).send({ continuation: body.continuation, tool_results }).expect(200);
    const rows = (table: 'token_usage' | 'spent_continuations') =>
      app.nest.get(Database).query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [user.id]);
    expect(await rows('token_usage')).toHaveLength(1);
    expect(await rows('spent_continuations')).toHaveLength(1);
    await app.startJobs();
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(async () => (await rows('token_usage')).length + (await rows('spent_continuations')).length === 0);
  });

  it('missing, repeated and unknown results are refused, and the continuation stays valid', async () => {
    model.answer(noteReader);
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Note 37?', client_tools: true })
      .expect(200);
    const { continuation, tool_calls } = body;
    const good = { call_id: tool_calls[0].call_id, result: [] };
    for (const tool_results of [
      [],
      [good, good],
      [good, { call_id: 'other', result: 1 }],
      [{ ...good, call_id: 'forged' }],
    ]) {
      await app.call('post', '/chat/continue', user).send({ continuation, tool_results }).expect(400);
    }
    await app
      .call('post', '/chat/continue', user)
      .send({ continuation, tool_results: [good] })
      .expect(200);
  });

  it('parallel calls may be answered in reverse order, and twice', async () => {
    model.answer((request) => {
      const results = lastToolResults(request);
      if (results.length > 0) return { text: results.map((result) => JSON.parse(result).n).join(',') };
      return { calls: ['a', 'b', 'c'].map((id) => ({ name: 'get_note', arguments: { note_id: id } })) };
    });
    const acks: (() => void)[] = [];
    socket.on('chat:tool_call', ({ arguments: args }, ack) => {
      acks.push(() => ack({ ok: true, result: { n: args.note_id } }));
      if (acks.length === 3) for (const answer of [...acks.reverse(), ...acks]) answer();
    });
    const done = await chatOn(socket, { message: 'Read a, b and c', agents: ['note_agent'], client_tools: true });
    expect(done.response).toBe('a,b,c');
  });

  it('a missing or malformed client result is an error result for the agent', async () => {
    model.answer(noteReader);
    const late: ((answer: unknown) => void)[] = [];
    const impatient = await TestApp.start({ ...model.settings, CHAT_CLIENT_TIMEOUT_MS: '500' }, app);
    const other = await impatient.socket(user.accessToken);
    other.on('chat:tool_call', (_, ack) => void late.push(ack));
    const silent = await chatOn(other, { message: 'Note 37?', agents: ['note_agent'], client_tools: true });
    expect(silent.response).toBe('Your app did not answer me.');
    late[0]?.({ ok: true, result: NOTES });
    await impatient.stop();
    socket.on('chat:tool_call', (_, ack) => ack('what?'));
    const nonsense = await chatOn(socket, { message: 'Note 37?', agents: ['note_agent'], client_tools: true });
    expect(nonsense.response).toBe('Your app did not answer me.');
  });

  it('results from another user, or for unknown calls, change nothing', async () => {
    model.answer(noteReader);
    const asked = new Promise<(answer: unknown) => void>((resolve) => {
      socket.once('chat:tool_call', (_, ack) => resolve(ack));
    });
    const done = chatOn(socket, { message: 'Note 37?', agents: ['note_agent'], client_tools: true });
    const ack = await asked;
    const foreign = await app.socket((await app.user('power')).accessToken);
    const forged = JSON.stringify([{ ok: true, result: [{ id: 'forged', content: 'forged' }] }]);
    for (let id = 0; id < 20; id += 1) foreign.io.engine.write(`3/api/v1/chat/stream,${id}${forged}`);
    for (let id = 100; id < 120; id += 1) socket.io.engine.write(`3/api/v1/chat/stream,${id}${forged}`);
    await foreign.emitWithAck('chat:cancel', { request_id: 'none' });
    socket.on('chat:tool_call', ({ name, arguments: args }, next) => next({ ok: true, result: lookUp(name, args) }));
    ack({ ok: true, result: NOTES });
    expect((await done).response).toContain(FACT);
  });

  it('a chat that waits for its client can be cancelled', async () => {
    model.answer(noteReader);
    const asked = new Promise<{ request_id: string }>((resolve) => socket.once('chat:tool_call', resolve));
    const ended = new Promise<{ problem: { code: string } }>((resolve) => socket.once('chat:error', resolve));
    await send(socket, { message: 'Note 37?', agents: ['note_agent'], client_tools: true });
    const { request_id } = await asked;
    expect(await socket.emitWithAck('chat:cancel', { request_id })).toEqual({ ok: true, request_id });
    expect((await ended).problem.code).toBe('cancelled');
  });

  it('an open tool call is sent again after a resume', async () => {
    model.answer(noteReader);
    const first = new Promise<void>((resolve) => socket.on('chat:tool_call', () => resolve()));
    const requestId = await send(socket, { message: 'Note 37?', agents: ['note_agent'], client_tools: true });
    await first;
    socket.disconnect();
    const next = await app.socket(user.accessToken);
    next.on('chat:tool_call', ({ name, arguments: args }, ack) => ack({ ok: true, result: lookUp(name, args) }));
    const done = new Promise<{ response: string }>((resolve) => next.once('chat:done', resolve));
    next.emit('chat:resume', { request_id: requestId, next_index: 0 });
    expect((await done).response).toContain(FACT);
  });

  it('statistics are computed from the rows that the client returns', async () => {
    model.answer((request) => {
      const results = lastToolResults(request);
      if (results.length > 0) return { text: `There are ${JSON.parse(results[0] ?? '{}').done}.` };
      return { calls: [{ name: 'count_items', arguments: { table: 'tasks', group_by: 'status' } }] };
    });
    const asked: string[] = [];
    socket.on('chat:tool_call', ({ name }, ack) => {
      asked.push(name);
      ack({
        ok: true,
        result: name === 'list_tasks' ? [{ status: 'done' }, { status: 'done' }, { status: 'todo' }] : [],
      });
    });
    const done = await chatOn(socket, {
      message: 'How many are done?',
      agents: ['analytics_agent'],
      client_tools: true,
    });
    expect(asked.sort()).toEqual(['list_all_projects', 'list_checkpoints', 'list_tasks']);
    expect(done.response).toBe('There are 2.');
  });

  it('without client tools only the context is read', async () => {
    const asked: CompletionRequest[] = [];
    model.answer((request) => {
      asked.push(request);
      return lastToolResults(request).length > 0 ? { text: 'ok' } : { calls: [{ name: 'list_notes', arguments: {} }] };
    });
    const context = { user_profile: { notes: [{ id: 'n1', title: 'Shown' }] } };
    await app
      .call('post', '/chat', user)
      .send({ message: 'Notes?', context, agents: ['note_agent'] })
      .expect(200);
    const [result] = lastToolResults(asked[1]);
    expect(result).toContain('Shown');
  });
});
