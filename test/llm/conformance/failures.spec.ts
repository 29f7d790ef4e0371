import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import type { FakeAnswer } from '../../support/fakes/models/protocol';
import { chatOn } from '../../chat/chat-helpers';
import { TokenBudget } from '@adiuva/llm';
import { eventually, whenBusy } from '../../support/app';
import { ModelUnderTest, TIMEOUT_MS } from './model-under-test';
import { TESTED } from './providers';

const MILK: FakeAnswer = { calls: [{ name: 'create_task', args: { title: 'Milk' } }] };
const HALF: FakeAnswer = { text: ['Half ', 'an '] };
const BUSY = { 'retry-after': '30' };

type Fault = readonly [name: string, response: (model: ModelUnderTest) => ModelResponse];

/** Faults before the user has seen anything of the answer. */
const BEFORE: readonly Fault[] = [
  ['is busy', () => ({ status: 429, headers: BUSY })],
  ['is overloaded', () => ({ status: 529 })],
  ['is unavailable', () => ({ status: 503, headers: BUSY })],
  ['fails', () => ({ status: 500, body: '<html>SECRETUPSTREAM</html>' })],
  ['redirects', () => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' } })],
  ['refuses the request', () => ({ status: 400, body: '{"error":{"message":"SECRETUPSTREAM"}}' })],
  ['resets the connection', (model) => model.stream([], { then: 'reset' })],
  ['says nothing', (model) => model.stream(['\n'], { then: 'stall' })],
  [
    'only sends comments',
    (model) => model.stream([model.provider.protocol.framing === 'events' ? ': wait\n\n' : '\n'], { then: 'stall' }),
  ],
  ['never sends headers', (model) => model.stream([], { delay: 5_000 })],
  ['sends an empty body', (model) => model.stream([])],
  ['sends a page', (model) => model.stream(['<html>SECRETUPSTREAM</html>'], { type: 'text/html; charset=utf-8' })],
  ['sends a page as a stream', (model) => model.stream(['<html>SECRETUPSTREAM</html>'])],
  ['sends an error as JSON', () => ({ status: 200, body: '{"error":{"message":"SECRETUPSTREAM","code":500}}' })],
  ['sends an error first', (model) => model.stream([model.provider.protocol.failure(500)])],
  ['sends garbage', (model) => model.stream(['data: {"half\n\n'])],
  ['sends bytes that are not text', (model) => model.stream([Buffer.from([0, 159, 146, 150, 10, 10])])],
  [
    'sends bytes that are not what was compressed',
    (model) => model.stream(['not gzip'], { headers: { 'content-encoding': 'gzip' } }),
  ],
  ['sends a line without end', (model) => model.stream([`data: ${'a'.repeat(2_000_000)}`])],
  ['ends without a word', (model) => model.whole({})],
  ['answers with white space', (model) => model.whole({ text: [' ', '\n\n'] })],
  ['only reasons', (model) => model.whole({ reasoning: 'SECRETTHOUGHT' })],
  ['only reasons in the text', (model) => model.whole({ text: ['<thi', 'nk>SECRETTHOUGHT', '</think', '>\n'] })],
  ['is cut while it reasons', (model) => model.whole({ reasoning: 'SECRETTHOUGHT', finish: 'length' })],
  ['refuses the content', (model) => model.whole({ finish: 'refused' })],
  ['breaks off in a call', (model) => model.stream(model.cut(MILK))],
  ['resets in a call', (model) => model.stream(model.cut(MILK), { then: 'reset' })],
  ['stalls in a call', (model) => model.stream(model.cut(MILK), { then: 'stall' })],
  ['fails after a call', (model) => model.stream([...model.cut(MILK), model.provider.protocol.failure(529)])],
  ['is cut at the limit in a call', (model) => model.whole({ ...MILK, finish: 'length' })],
];

/** Faults after the user has seen the beginning. */
const AFTER: readonly Fault[] = [
  ['breaks off', (model) => model.stream(model.cut(HALF), { gap: 5 })],
  ['resets', (model) => model.stream(model.cut(HALF), { then: 'reset' })],
  ['stalls', (model) => model.stream(model.cut(HALF), { then: 'stall' })],
  ['fails', (model) => model.stream([...model.cut(HALF), model.provider.protocol.failure(500)], { gap: 5 })],
  ['sends garbage', (model) => model.stream([...model.cut(HALF), 'data: {"half\n\n'], { gap: 5 })],
  ['refuses the rest', (model) => model.whole({ ...HALF, finish: 'refused' }, { gap: 5 })],
  ['breaks off after calls', (model) => model.stream(model.cut({ ...HALF, ...MILK }), { gap: 5 })],
];

describe.each(TESTED)('$name', (provider) => {
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider);
  });
  afterAll(() => model.stop());
  beforeEach(() => model.settle());

  it.each(BEFORE)('that %s is followed by the next model within a second', async (_, response) => {
    let failed = 0;
    model.script(() => {
      failed = performance.now();
      return response(model);
    });
    const { status, body, text } = await model.ask();
    expect([status, body.response, body.actions]).toEqual([200, 'I am two.', []]);
    expect(performance.now() - failed).toBeLessThan(whenBusy(TIMEOUT_MS + 1_000));
    expect(model.called).toEqual(['one', 'two']);
    expect(text).not.toContain('SECRET');
  });

  it('that only reasons is followed by the next model, and the tokens of both are counted and paid', async () => {
    const budget = model.app.nest.get(TokenBudget);
    const before = await budget.used(model.user.id);
    model.script(model.whole({ reasoning: 'SECRETTHOUGHT', usage: { input: 70, output: 9 } }));
    const { body } = await model.ask().expect(200);
    expect(body.usage).toEqual({ input_tokens: 170, output_tokens: 29 });
    await eventually(async () => (await budget.used(model.user.id)) === before + 199);
  });

  it.each(AFTER.filter(([name]) => provider.protocol.refuses || !name.includes('refuses')))(
    'that %s after its first token is an error, without actions and without another model',
    async (_, response) => {
      model.script(response(model));
      const socket = await model.app.socket(model.user.accessToken);
      const tokens: string[] = [];
      socket.on('chat:token', ({ text }: { text: string }) => tokens.push(text));
      const failure = await chatOn(socket, { message: 'Please', agents: ['task_agent'] }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({
        problem: {
          status: expect.any(Number),
          code: expect.stringMatching(/^(?:upstream_|content_refused|unavailable)/),
        },
      });
      expect(tokens.join('')).toMatch(/^Half/);
      expect(model.called).toEqual(['one']);
      expect(JSON.stringify(failure)).not.toContain('SECRET');
      socket.close();
    },
  );

  it.each([
    ['busy', { status: 429, headers: BUSY }, 503, 'unavailable'],
    ['overloaded', { status: 529, headers: BUSY }, 503, 'unavailable'],
    ['unavailable', { status: 503, headers: BUSY }, 503, 'unavailable'],
    ['failing', { status: 500 }, 503, 'unavailable'],
  ] as const)('is %s in all its models', async (_, response, status, code) => {
    model.server.answer(() => response);
    const { body, headers } = await model.ask().expect(status);
    expect(body.code).toBe(code);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  (provider.protocol.refuses ? it : it.skip)('refuses in all its models: 422', async () => {
    model.server.answer(() => model.whole({ finish: 'refused' }));
    expect((await model.ask().expect(422)).body.code).toBe('content_refused');
  });
});
