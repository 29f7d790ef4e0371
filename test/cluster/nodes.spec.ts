import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { databaseHolds, lastToolResults, send } from '../chat/chat-helpers';
import { eventually, PASSWORD } from '../support/app';
import { LONG_LEASES, USUAL_LEASES } from '../support/builders/long-leases';
import { testDatabase, type TestDatabase } from '../support/database';
import { FakeOpenAi, type Script } from '../support/fakes/models/fake-openai';
import { freePort, NodeProcess } from '../support/processes/node-process';

const WORDS = Array.from({ length: 30 }, (_, at) => `plainword${at} `);
const REQUIRES_ACTION = z.object({ continuation: z.string(), tool_calls: z.array(z.object({ call_id: z.string() })) });
const NAMESPACE = '/api/v1/chat/stream';

type Answer = Readonly<Record<string, string>>;

interface User {
  readonly email: string;
  readonly id: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** What a client has received of one chat, over all of its sockets. */
class Received {
  readonly tokens: string[] = [];
  readonly ends: { event: string; code?: string; response?: string | undefined }[] = [];
  readonly gaps: number[] = [];

  constructor(private readonly id: string) {}

  on(socket: Socket): void {
    socket.on('chat:token', ({ request_id, index, text }: { request_id: string; index: number; text: string }) => {
      if (request_id !== this.id) return;
      if (index !== this.tokens.length) this.gaps.push(index);
      this.tokens.push(text);
    });
    for (const event of ['chat:done', 'chat:error']) {
      socket.on(event, (frame: { request_id: string; response?: string; problem?: { code: string } }) => {
        if (frame.request_id === this.id)
          this.ends.push({ event, ...(frame.problem ? { code: frame.problem.code } : { response: frame.response }) });
      });
    }
  }

  end(): Promise<void> {
    return eventually(() => this.ends.length > 0);
  }
}

function sessionOf({ access_token: token = '', refresh_token: refreshToken = '' }: Answer) {
  return { token, refreshToken };
}

describe('two API processes', () => {
  const sockets: Socket[] = [];
  let dataDir: string;
  let database: TestDatabase;
  let sql: Client;
  let model: FakeOpenAi;
  let nodes: NodeProcess[];
  let user: User;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'adiuva-nodes-'));
    database = await testDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    await sql.query(LONG_LEASES);
    model = await FakeOpenAi.start();
    const settings = {
      ENV: 'test',
      LOG_LEVEL: 'warn',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      DATABASE_POOL: '6',
      WORKER_ROLES: 'runs',
      SHUTDOWN_GRACE_MS: '20000',
      SHUTDOWN_DELAY_MS: '0',
      ...model.settings,
      RATE_LIMIT_FREE: '100000',
      RATE_LIMIT_POWER: '100000',
    };
    nodes = [];
    for (const _ of [1, 2]) nodes.push(new NodeProcess('apps/api/src/main.ts', settings, await freePort()));
    await Promise.all(nodes.map((node) => node.start('/api/v1/health')));
    user = await newUser();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await Promise.all(nodes.map((node) => node.kill()));
    await model.stop();
    await sql.end();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(() => {
    model.seen.length = 0;
    says({ text: WORDS, gap: 60 });
  });

  /** What the model says, once the request is routed. */
  const says = (script: Script): void => model.answer(() => script);

  const url = (node: number): string => nodes[node]?.url ?? '';

  async function api(node: number, method: string, path: string, token?: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url(node)}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Answer);
  }

  async function newUser(): Promise<User> {
    const credentials = { email: `${randomUUID()}@example.org`, password: PASSWORD };
    const tokens = await api(0, 'POST', '/auth/register', undefined, credentials);
    const { id = '' } = await api(0, 'GET', '/auth/me', tokens.access_token);
    await setTier(id, 'power');
    await untilTier(tokens['access_token'] ?? '', 'power');
    return { id, email: credentials.email, ...sessionOf(tokens) };
  }

  /** Another session of the user. */
  async function signIn(known: User): Promise<User> {
    const credentials = { email: known.email, password: PASSWORD };
    const tokens = await api(1, 'POST', '/auth/login', undefined, credentials);
    return { ...known, ...sessionOf(tokens) };
  }

  async function setTier(id: string, tier: string): Promise<void> {
    await sql.query(
      `INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, $2, 1) ON CONFLICT (user_id) DO UPDATE SET tier = $2`,
      [id, tier],
    );
    const signal = [{ id: randomUUID(), topic: 'entitlement.changed', data: { user_id: id } }];
    await sql.query(`SELECT pg_notify('adiuva_signals', $1)`, [JSON.stringify(signal)]);
  }

  /** Waits until both nodes know the tier. */
  async function untilTier(token: string, tier: string): Promise<void> {
    for (const node of [0, 1])
      await eventually(async () => (await api(node, 'GET', '/auth/me', token))['tier'] === tier);
  }

  async function socketOn(node: number, { token }: User = user): Promise<Socket> {
    const socket = io(`${url(node)}${NAMESPACE}`, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once('connect', () => resolve(0)).once('connect_error', reject));
    return socket;
  }

  const newChat = () => ({
    message: 'Say words',
    agents: ['task_agent'],
    request_id: randomUUID(),
    resume_key: randomBytes(32).toString('base64url'),
  });
  const resume = (socket: Socket, frame: object) => socket.timeout(20_000).emitWithAck('chat:resume', frame);

  it('resume a chat on the other node, which gets it as ciphertext alone, with the key of the client', async () => {
    const { resume_key, ...frame } = newChat();
    const { request_id } = frame;
    const received = new Received(request_id);
    const first = await socketOn(0);
    received.on(first);
    await send(first, { ...frame, resume_key });
    await eventually(() => received.tokens.length >= 5);
    first.disconnect();
    const second = await socketOn(1);
    received.on(second);
    const next = { request_id, next_index: received.tokens.length };
    const wrong = randomBytes(32).toString('base64url');
    expect(await resume(second, { ...next, resume_key: wrong })).toMatchObject({ problem: { code: 'not_found' } });
    expect(await resume(second, next)).toMatchObject({ problem: { code: 'not_found' } });
    expect(await resume(second, { ...next, resume_key })).toEqual({ ok: true, request_id });
    await received.end();
    expect(received).toMatchObject({ gaps: [], ends: [{ event: 'chat:done', response: WORDS.join('') }] });
    expect(received.tokens.join('')).toBe(WORDS.join(''));
    expect(await databaseHolds(database.url, request_id)).toBe(true);
    for (const secret of ['plainword', resume_key]) expect(await databaseHolds(database.url, secret)).toBe(false);
  });

  it('pass the tool calls of a chat to the client on the other node, and its results back', async () => {
    model.answer((request) =>
      lastToolResults(request).length > 0
        ? { text: `Found ${lastToolResults(request).join('')}` }
        : { calls: [{ name: 'list_tasks', arguments: {} }] },
    );
    const chat = { ...newChat(), client_tools: true };
    const received = new Received(chat.request_id);
    const first = await socketOn(0);
    const asked = new Promise((resolve) => first.once('chat:tool_call', resolve));
    await send(first, chat);
    await asked;
    first.disconnect();
    const second = await socketOn(1);
    received.on(second);
    second.on('chat:tool_call', (_: object, reply: (answer: object) => void) =>
      reply({ ok: true, result: [{ id: 't1', title: 'Water the ferns', status: 'todo' }] }),
    );
    await resume(second, { request_id: chat.request_id, next_index: 0, resume_key: chat.resume_key });
    await received.end();
    expect(received.ends).toMatchObject([{ event: 'chat:done', response: expect.stringContaining('Water the ferns') }]);
    expect(await databaseHolds(database.url, 'Water the ferns')).toBe(false);
  });

  it('resume on the other node what began as server-sent events, a continuation as well', async () => {
    const { request_id: _, ...chat } = newChat();
    await resumesElsewhere('/chat', chat, chat.resume_key);
    const asking = { ...chat, client_tools: true };
    model.answer((request) =>
      lastToolResults(request).length > 0
        ? { text: WORDS, gap: 60 }
        : { calls: [{ name: 'list_tasks', arguments: {} }] },
    );
    const answer: unknown = await api(0, 'POST', '/chat', user.token, asking);
    const { continuation, tool_calls: calls } = REQUIRES_ACTION.parse(answer);
    const tool_results = calls.map(({ call_id }) => ({ call_id, result: [] }));
    const { resume_key } = newChat();
    await resumesElsewhere('/chat/continue', { continuation, tool_results, resume_key }, resume_key);
  });

  /** Reads some events on the first node, hangs up, and gets the rest over a socket of the second. */
  async function resumesElsewhere(path: string, body: object, resume_key: string): Promise<void> {
    const hungUp = new AbortController();
    const response = await fetch(`${url(0)}/api/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${user.token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify(body),
      signal: hungUp.signal,
    });
    const request_id = response.headers.get('x-request-id') ?? '';
    const received = new Received(request_id);
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const tokens = [...text.matchAll(/^event: token\ndata: (.+)$/gm)].map(([, data = '']) => JSON.parse(data).text);
      if (tokens.length < 3) continue;
      received.tokens.push(...tokens);
      break;
    }
    hungUp.abort();
    const socket = await socketOn(1);
    received.on(socket);
    const next_index = received.tokens.length;
    expect(await resume(socket, { request_id, next_index, resume_key })).toEqual({ ok: true, request_id });
    await received.end();
    expect(received).toMatchObject({ gaps: [], ends: [{ event: 'chat:done', response: WORDS.join('') }] });
    expect(received.tokens.join('')).toBe(WORDS.join(''));
  }

  it('cancel a chat of the other node, and close its connection to the model', async () => {
    says({ text: Array.from({ length: 400 }, () => 'word '), gap: 50 });
    const chat = newChat();
    const [one, two] = [await socketOn(0), await socketOn(1)];
    const received = new Received(chat.request_id);
    received.on(one);
    await send(one, chat);
    await eventually(() => received.tokens.length > 0);
    const { request_id } = chat;
    expect(await two.timeout(20_000).emitWithAck('chat:cancel', { request_id })).toEqual({ ok: true, request_id });
    await received.end();
    expect(received.ends).toEqual([{ event: 'chat:error', code: 'cancelled' }]);
    await eventually(() => model.seen[0]?.closedAt !== undefined);
    const foreign = await socketOn(1, await newUser());
    expect(await foreign.timeout(20_000).emitWithAck('chat:cancel', { request_id })).toMatchObject({
      problem: { code: 'not_found' },
    });
  });

  it('refuse a second chat with the id of one that runs on the other node', async () => {
    says({ text: Array.from({ length: 400 }, () => 'word '), gap: 50 });
    const chat = newChat();
    const [one, two] = [await socketOn(0), await socketOn(1)];
    await send(one, chat);
    await expect(send(two, chat)).rejects.toMatchObject({ problem: { code: 'conflict' } });
  });

  it('tell the devices on the other node of stored records and of runs', async () => {
    const owner = await newUser();
    const device = await socketOn(1, await signIn(owner));
    const stored = new Promise((resolve) => device.once('storage:changed', resolve));
    const completed = new Promise((resolve) =>
      device.on('run:status', ({ status }: { status: string }) => status === 'completed' && resolve(status)),
    );
    const output = new Promise((resolve) => device.once('run:output', resolve));
    const [blob, checksum] = ['AAAA', createHash('sha256').update(Buffer.from('AAAA', 'base64')).digest('hex')];
    await api(0, 'POST', '/storage/records', owner.token, { table: 'notes', blob, checksum });
    expect(await stored).toMatchObject({ table: 'notes' });
    const goal = { title: 'Words', instructions: 'Say words', agent: 'task_agent', input: { tasks: [] } };
    const { id } = await api(0, 'POST', '/goals', owner.token, goal);
    const { run_id } = await api(0, 'POST', `/goals/${id}/run`, owner.token, {});
    await completed;
    expect(await output).toEqual({ run_id });
  });

  it('apply a tier change and the end of a session that the other node has carried out', async () => {
    const login = await newUser();
    const device = await socketOn(1, login);
    const closed = new Promise((resolve) => device.once('disconnect', resolve));
    await setTier(login.id, 'free');
    await untilTier(login.token, 'free');
    await api(0, 'POST', '/auth/logout', undefined, { refresh_token: login.refreshToken });
    await closed;
    await expect(api(1, 'GET', '/auth/me', login.token)).rejects.toThrow('401');
  });

  it('ask a device on the other node for what a run needs, and cancel a run of the other node', async () => {
    const owner = await newUser();
    model.answer((request) =>
      lastToolResults(request).length > 0
        ? { text: `Found ${lastToolResults(request).join('')}` }
        : { calls: [{ name: 'list_tasks', arguments: {} }] },
    );
    const goal = { title: 'Words', instructions: 'Say words', agent: 'task_agent' };
    const { id } = await api(0, 'POST', '/goals', owner.token, goal);
    const runId = async (): Promise<string> =>
      String((await api(0, 'POST', `/goals/${id}/run`, owner.token, {}))['run_id']);
    const [cancelled, run] = [await runId(), await runId()];
    const until = (of: string, status: string): Promise<void> =>
      eventually(async () => (await api(0, 'GET', `/runs/${of}`, owner.token))['status'] === status);
    await until(cancelled, 'waiting');
    await api(1, 'POST', `/runs/${cancelled}/cancel`, owner.token);
    await until(cancelled, 'cancelled');
    const device = await socketOn(1, owner);
    device.on('run:tool_call', (_: object, reply: (answer: object) => void) =>
      reply({ ok: true, result: [{ id: 't1', title: 'Water the ferns', status: 'todo' }] }),
    );
    await until(run, 'completed');
    expect(JSON.stringify(await api(1, 'GET', `/runs/${run}/output`, owner.token))).toContain('Water the ferns');
  });

  it('tell the devices on the other node of notifications', async () => {
    const owner = await newUser();
    const device = await socketOn(1, owner);
    const told = new Promise((resolve) => device.once('notification:status', resolve));
    const { id } = await api(0, 'POST', '/notifications', owner.token, {
      title: 'Tea',
      body: 'Is ready',
      urgency: 'normal',
    });
    expect(await told).toMatchObject({ notification_id: id });
  });

  it('close the other sessions everywhere when a password is changed', async () => {
    const owner = await newUser();
    const other = await signIn(owner);
    const device = await socketOn(1, other);
    const closed = new Promise((resolve) => device.once('disconnect', resolve));
    const change = { current_password: PASSWORD, new_password: 'a longer walk by the lake' };
    await api(0, 'POST', '/auth/password', owner.token, change);
    await closed;
    await expect(api(1, 'GET', '/auth/me', other.token)).rejects.toThrow('401');
    await expect(api(0, 'GET', '/auth/me', other.token)).rejects.toThrow('401');
  });

  it('end the chat of a killed node with one explicit error on the other', async () => {
    await sql.query(USUAL_LEASES);
    says({ text: Array.from({ length: 400 }, () => 'word '), gap: 50 });
    const chat = newChat();
    const received = new Received(chat.request_id);
    const first = await socketOn(0);
    received.on(first);
    await send(first, chat);
    await eventually(() => received.tokens.length >= 5);
    await nodes[0]?.kill();
    const second = await socketOn(1);
    received.on(second);
    await resume(second, {
      request_id: chat.request_id,
      next_index: received.tokens.length,
      resume_key: chat.resume_key,
    });
    await received.end();
    expect(received).toMatchObject({ gaps: [], ends: [{ event: 'chat:error', code: 'unavailable' }] });
  });
});
