import type { Socket } from 'socket.io-client';
import { CONCURRENT_STREAMS } from '@adiuva/kernel';
import { TokenBudget } from '@adiuva/llm';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { LONG_LEASES } from '../support/builders/long-leases';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';

/** Its first word arrives immediately, the next ones never within the test. */
const ENDLESS = { text: Array.from({ length: 40 }, () => 'word '), gap: 4_000 };
const GOAL = { title: 'Report', instructions: 'Write the report', agent: 'task_agent' };

describe('what a user has in progress', () => {
  let model: FakeOpenAi;
  let nodes: readonly [TestApp, TestApp];
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ENDLESS);
    const limits = Object.entries(CONCURRENT_STREAMS).map(([tier, max]) => [
      `CHAT_STREAMS_${tier.toUpperCase()}`,
      String(max),
    ]);
    const settings = { ...model.settings, ...Object.fromEntries(limits) };
    const first = await TestApp.start(settings);
    await first.nest.get(Database).query(LONG_LEASES);
    nodes = [first, await TestApp.start(settings, first)];
    await first.startRuns();
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
    await model.stop();
  });

  const sockets = (user: TestUser): Promise<Socket[]> =>
    Promise.all(nodes.map((node) => node.socket(user.accessToken)));
  /** The code of the refusal; undefined where the chat has started. */
  const send = async (socket: Socket | undefined, requestId: string): Promise<string | undefined> => {
    const chat = { message: 'Hello', agents: ['task_agent'], request_id: requestId };
    return (await socket?.emitWithAck('chat:send', chat)).problem?.code;
  };
  const cancel = (socket: Socket | undefined, requestId: string) =>
    socket?.emitWithAck('chat:cancel', { request_id: requestId });
  /** What admits chats and runs of the user is held until the function is called that this returns. */
  const lockStreams = async (user: TestUser): Promise<() => Promise<void>> => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let transaction = Promise.resolve();
    await new Promise<void>((locked) => {
      transaction = nodes[0].nest.get(Database).transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock(7713, hashtext($1::text))', [user.id]);
        locked();
        await released;
      });
    });
    return () => {
      release();
      return transaction;
    };
  };
  const statuses = async (user: TestUser): Promise<string[]> => {
    const sql = 'SELECT status FROM runs WHERE user_id = $1 ORDER BY id';
    return (await nodes[0].nest.get(Database).query<{ status: string }>(sql, [user.id])).map(({ status }) => status);
  };

  it.each([
    ['free', 2],
    ['power', 8],
  ] as const)('is at most as much as the plan allows on all nodes together: %s, %i chats', async (tier, max) => {
    const user = await nodes[0].user(tier);
    const connections = await sockets(user);
    const answers = await Promise.all(
      Array.from({ length: max + 6 }, (_, at) => send(connections[at % 2], `chat-${at}`)),
    );
    expect(answers.filter((code) => code === undefined)).toHaveLength(max);
    expect(new Set(answers)).toEqual(new Set([undefined, 'too_many_streams']));
    for (const node of nodes) {
      const { status, body, headers } = await node.call('post', '/chat', user).send({ message: 'Hello' });
      expect([status, body.code, headers['retry-after']]).toEqual([429, 'too_many_streams', '5']);
    }
    const started = answers.findIndex((code) => code === undefined);
    await cancel(connections[started % 2], `chat-${started}`);
    await eventually(async () => (await send(connections[(started + 1) % 2], 'one-more')) === undefined);
    for (const [at, connection] of connections.entries())
      for (let chat = at; chat < max + 6; chat += 2) await cancel(connection, `chat-${chat}`);
  });

  it('is chats and runs together: a chat is refused and a run is queued, until one of them has ended', async () => {
    const user = await nodes[0].user('free');
    const [one, other] = await sockets(user);
    const { body: goal } = await nodes[0].call('post', '/goals', user).send(GOAL).expect(201);
    const run = async (): Promise<string> =>
      (await nodes[1].call('post', `/goals/${goal.id}/run`, user).send({}).expect(202)).body.run_id;
    expect(await send(one, 'first')).toBeUndefined();
    const [running, queued] = [await run(), await run()];
    expect(await statuses(user)).toEqual(['running', 'queued']);
    expect(await send(other, 'second')).toBe('too_many_streams');
    await cancel(one, 'first');
    await eventually(async () => (await statuses(user)).join() === 'running,running');
    await run();
    expect(await statuses(user)).toEqual(['running', 'running', 'queued']);
    expect(await send(other, 'second')).toBe('too_many_streams');
    const stop = (id: string) => nodes[1].call('post', `/runs/${id}/cancel`, user).expect(202);
    await stop(running);
    expect(await statuses(user)).toEqual(['cancelled', 'running', 'running']);
    await stop(queued);
    expect(await send(other, 'second')).toBeUndefined();
  });

  it('delivers and charges nothing for a chat that is refused while its model is asked already', async () => {
    const user = await nodes[0].user('free');
    const [one, other] = await sockets(user);
    const tokens: string[] = [];
    for (const socket of [one, other])
      socket?.on('chat:token', ({ request_id }: { request_id: string }) => void tokens.push(request_id));
    for (const id of ['first', 'second']) expect(await send(one, id)).toBeUndefined();
    await eventually(() => new Set(tokens).size === 2);
    const used = await nodes[1].nest.get(TokenBudget).used(user.id);
    const asked = model.seen.length;
    model.answer(() => ({ ...ENDLESS, firstDelay: 4_000 }));
    // The other node runs no chat of the user, so it asks the model before it knows of the two.
    for (const id of ['third', 'fourth']) expect(await send(other, id)).toBe('too_many_streams');
    await eventually(() => model.seen.slice(asked).every(({ closedAt }) => closedAt !== undefined));
    await eventually(async () => (await nodes[1].nest.get(TokenBudget).used(user.id)) === used);
    expect(new Set(tokens)).toEqual(new Set(['first', 'second']));
    const { problem } = (await other?.emitWithAck('chat:resume', { request_id: 'third', next_index: 0 })) ?? {};
    expect(problem?.code).toBe('not_found');
    model.answer(() => ENDLESS);
    for (const id of ['first', 'second']) await cancel(one, id);
    await eventually(async () => (await send(other, 'third')) === undefined);
    await eventually(() => tokens.includes('third'));
    await cancel(other, 'third');
  });

  it('charges nothing for it either where the model answers before the refusal, and keeps the next one from the model', async () => {
    const user = await nodes[0].user('free');
    const [one, other] = await sockets(user);
    const started = new Set<string>();
    one?.on('chat:token', ({ request_id }: { request_id: string }) => void started.add(request_id));
    for (const id of ['first', 'second']) expect(await send(one, id)).toBeUndefined();
    await eventually(() => started.size === 2);
    const used = await nodes[1].nest.get(TokenBudget).used(user.id);
    const asked = model.seen.length;
    model.answer(() => ({ text: ['An answer'] }));
    const unlock = await lockStreams(user);
    const refused = send(other, 'third');
    await eventually(() => model.seen.length === asked + 1);
    await new Promise((answered) => setTimeout(answered, 300));
    await unlock();
    expect(await refused).toBe('too_many_streams');
    expect(await send(other, 'fourth')).toBe('too_many_streams');
    expect(model.seen).toHaveLength(asked + 1);
    await eventually(async () => (await nodes[1].nest.get(TokenBudget).used(user.id)) === used);
    model.answer(() => ENDLESS);
    for (const id of ['first', 'second']) await cancel(one, id);
  });

  it('a chat that is cancelled while it is being registered does not keep its node from ending', async () => {
    const node = await TestApp.start(model.settings, nodes[0]);
    const user = await node.user('free');
    const socket = await node.socket(user.accessToken);
    const unlock = await lockStreams(user);
    const asked = model.seen.length;
    socket.emit('chat:send', { message: 'Hello', agents: ['task_agent'], request_id: 'pending' });
    await eventually(() => model.seen.length > asked);
    await cancel(socket, 'pending');
    const stopped = node.stop();
    await unlock();
    await stopped;
  });

  it('includes chats that are answered as one JSON object, from each node, until they have ended', async () => {
    const user = await nodes[0].user('free');
    const aborts = nodes.map(() => new AbortController());
    const pending = nodes.map(({ url }, at) =>
      fetch(`${url}/api/v1/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${user.accessToken}` },
        body: JSON.stringify({ message: 'Hello', agents: ['task_agent'] }),
        ...(aborts[at] ? { signal: aborts[at].signal } : {}),
      }).catch(() => undefined),
    );
    const [one] = await sockets(user);
    const sql = 'SELECT count(*)::int AS chats FROM chat_streams WHERE user_id = $1';
    const chats = async () => (await nodes[0].nest.get(Database).query<{ chats: number }>(sql, [user.id]))[0]?.chats;
    await eventually(async () => (await chats()) === 2);
    expect(await send(one, 'third')).toBe('too_many_streams');
    for (const abort of aborts) abort.abort();
    await Promise.all(pending);
    await eventually(async () => (await send(one, 'third')) === undefined);
  });

  it('is free again as soon as an answer is there, so that one chat after the other is never refused', async () => {
    const user = await nodes[0].user('free');
    model.answer(() => ({ text: 'Hello.' }));
    const answers: number[] = [];
    for (let chat = 0; chat < 8; chat += 1)
      answers.push((await nodes[0].call('post', '/chat', user).send({ message: 'Hello' })).status);
    model.answer(() => ENDLESS);
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});
