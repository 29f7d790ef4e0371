import type { Socket } from 'socket.io-client';
import { eventually, TestApp, type TestUser } from '../support/app';
import { fuzzFrames } from '../fuzz/frame-fuzz';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';

interface Answer {
  readonly ok: boolean;
  readonly problem?: { readonly code: string; readonly status: number };
}

const EVENTS = ['chat:send', 'chat:cancel', 'chat:resume', 'auth:renew', 'chat:unknown'] as const;
/** `npm run test:fuzz` sends more. */
const FRAMES = 2_000;

describe('frames of any shape', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  let socket: Socket;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: 'Hello.' }));
    app = await TestApp.start({ ...model.settings, RATE_LIMIT_FREE: '100000' });
    user = await app.user();
    socket = await app.socket(user.accessToken);
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it.each<readonly [string, readonly unknown[]]>([
    ['a request id with a constructor', [{ request_id: { constructor: 1 } }]],
    ['a token with a toString', [{ token: { toString: 1 } }]],
    ['a token with a valueOf', [{ token: { valueOf: 1, hasOwnProperty: 1, then: 1 } }]],
    ['an array', [[1, [2, [3]]]]],
    ['a number', [7]],
    ['null', [null]],
    ['a string', ['{}']],
    ['nothing', []],
    ['several arguments', [{ message: 'Hi' }, 2, 3]],
    ['bytes', [Buffer.alloc(1_048_576, 1)]],
    ['an object with bytes', [{ message: 'Hi', context: Buffer.alloc(1_048_576, 1) }]],
    ['a message of 1 MiB', [{ message: 'x'.repeat(1_048_576) }]],
    ['an object with 100,000 members', [Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`m${i}`, i]))]],
    ['a lone surrogate', [{ message: '\ud800' }]],
  ])('%s is answered 400 on every event', async (_, frame) => {
    for (const event of EVENTS) {
      const { ok, problem }: Answer = await socket.emitWithAck(event, ...frame);
      expect([event, ok, problem?.status]).toEqual([event, false, 400]);
    }
  });

  it('frames without an acknowledgement are answered by chat:error or not at all', async () => {
    const problems: { status: number }[] = [];
    socket.on('chat:error', ({ problem }: { problem: { status: number } }) => problems.push(problem));
    socket.emit('chat:send', { message: 5 });
    socket.emit('chat:resume', [1]);
    socket.emit('auth:renew', null);
    await eventually(() => problems.length === 2);
    expect(problems.map(({ status }) => status)).toEqual([400, 400]);
  });

  it(`${FRAMES} random frames are acknowledged without a 500, and the server keeps running`, async () => {
    const { faults, accepted } = await fuzzFrames({
      port: app.port,
      seed: 20_261_125,
      frames: FRAMES,
      sockets: 4,
      user: async () => ({ token: (await app.user()).accessToken }),
    });
    expect(faults).toEqual([]);
    expect(accepted).toBeGreaterThan(FRAMES / 50);
    await app.call('get', '/health').expect(200);
  });
});

describe('sockets of one user', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  beforeAll(async () => {
    model = await FakeOpenAi.start(() => ({ text: 'Hello.' }));
    app = await TestApp.start(model.settings);
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it('are at most 20, also when they are opened concurrently; a closed one makes room', async () => {
    const user = await app.user();
    const opened = await Promise.allSettled(Array.from({ length: 25 }, () => app.socket(user.accessToken)));
    const open = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect([open.length, refused.length]).toEqual([20, 5]);
    expect(refused[0].data).toMatchObject({ status: 429, code: 'rate_limited' });
    open[0]?.disconnect();
    await eventually(async () => (await app.socket(user.accessToken).catch(() => undefined)) !== undefined);
    await app.socket((await app.user()).accessToken);
  });
});
