import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { TokenBudget } from '@adiuva/llm';
import type { FakeAnswer } from '../../support/fakes/models/protocol';
import { ModelUnderTest } from './model-under-test';
import { TESTED } from './providers';

const ANSWER: FakeAnswer = { text: ['Grüße, ', 'здравствуй ', '👩‍💻!'] };
const TEXT = 'Grüße, здравствуй 👩‍💻!';

const bytewise = (text: string): Buffer[] => [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
const compressed = (encoding: string) => ({ headers: { 'content-encoding': encoding } });

describe.each(TESTED)('$name', (provider) => {
  const { framing } = provider.protocol;
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider);
  });
  afterAll(() => model.stop());

  const all = (): string => model.frames(ANSWER).join('');
  const lines = (end: string): string => all().replaceAll('\n', end);

  it.each([
    ['byte by byte', () => model.stream(bytewise(all()))],
    ['in one piece', () => model.stream([all()])],
    ['with CRLF', () => model.stream([lines('\r\n')])],
    ['with CRLF, byte by byte', () => model.stream(bytewise(lines('\r\n')))],
    ['with CR', () => model.stream([lines('\r')])],
    ['with CR, byte by byte', () => model.stream(bytewise(lines('\r')))],
    ['after a byte order mark', () => model.stream([Buffer.from([0xef, 0xbb]), Buffer.from([0xbf]), all()])],
    ['without the last line end', () => model.stream([all().trimEnd()])],
    ['compressed with gzip', () => model.stream([gzipSync(all())], compressed('gzip'))],
    ['compressed with deflate', () => model.stream([deflateSync(all())], compressed('deflate'))],
    ['compressed with brotli', () => model.stream([brotliCompressSync(all())], compressed('br'))],
    ['as another type', () => model.stream([all()], { type: 'text/plain' })],
    ['without a type', () => model.stream([all()], { type: '' })],
    ['on a connection that stays open', () => model.stream(model.frames(ANSWER), { then: 'stall' })],
  ] as const)('is read %s', async (_, response) => {
    model.script(response());
    const { body } = await model.ask().expect(200);
    expect([body.response, model.called]).toEqual([TEXT, ['one']]);
    expect(body.usage).toEqual({ input_tokens: 100, output_tokens: 20 });
  });

  if (framing === 'events') {
    it.each([
      ['comments', (text: string) => `: OPENROUTER PROCESSING\n\n${text.replaceAll('\n\n', '\n\n: keep-alive\n\n')}`],
      ['ids and retry times', (text: string) => text.replaceAll('data: ', 'id: 7\nretry: 100\ndata: ')],
      ['no blank after the colon', (text: string) => text.replaceAll('data: ', 'data:')],
      ['events of other names', (text: string) => text.replaceAll('data: ', 'event: chunk\ndata: ')],
      ['events without data', (text: string) => text.replaceAll('\n\n', '\n\nevent: ping\n\ndata:\n\n')],
    ])('is read with %s', async (_, change) => {
      model.script(model.stream([change(all())]));
      expect((await model.ask().expect(200)).body.response).toBe(TEXT);
    });
  }

  it('is complete with its finish reason, whatever is missing after it', async () => {
    const { body, end } = provider.protocol.frames(ANSWER);
    model.script(model.stream([...body, end[0] ?? '']));
    expect((await model.ask().expect(200)).body.response).toBe(TEXT);
  });

  it.each([
    ['<think>SECRET</think>\n\nHello', 'Hello'],
    ['<THINK>SECRET\n</THINK> Hello', 'Hello'],
    ['<thinking>SECRET</thinking>Hello', 'Hello'],
    ['[THINK]SECRET[/THINK]Hello', 'Hello'],
    ['Hello <think>SECRET</think>you', 'Hello you'],
    ['Hello <think>SECRET', 'Hello '],
    ['<think></think>Hello', 'Hello'],
    ['The tag `<think>` begins it', 'The tag `<think>` begins it'],
    ['3 < 4 and [a] <b>', '3 < 4 and [a] <b>'],
    ['{"answer": 1}', '{"answer": 1}'],
    ['{"name": "Anna", "age": 3}', '{"name": "Anna", "age": 3}'],
  ])('shows of %j: %j, over any chunking', async (text, shown) => {
    for (const parts of [[text], [...text], text.match(/.{1,3}/gs) ?? []]) {
      model.script(model.whole({ text: parts }));
      expect((await model.ask().expect(200)).body.response).toBe(shown);
    }
  });

  it('shows no reasoning that no tag opens: where its beginning was sent the answer fails, the next ones are held back', async () => {
    const text = ['SECRET ', 'thought\n', '</think>\n\n', 'Hello ', 'you'];
    model.script(model.whole({ text }, { gap: 20 }));
    const first = await model.ask();
    expect(first.text).not.toContain('SECRET');
    model.script(model.whole({ text }, { gap: 20 }));
    const { body } = await model.ask().expect(200);
    expect([body.response, model.called]).toEqual(['Hello you', ['one']]);
    for (const plain of ['Plain.', 'Streamed.']) {
      model.script(model.whole({ text: [plain] }));
      expect((await model.ask().expect(200)).body.response).toBe(plain);
    }
  });

  it.each([
    '<tool_call>\n{"name": "create_task", "arguments": {"title": "Milk"}}\n</tool_call>',
    '<function_call>{"name": "create_task", "arguments": "{\\"title\\": \\"Milk\\"}"}</function_call>',
    '<function=create_task>{"title": "Milk"}</function>',
    '<tool_call><function=create_task>\n<parameter=title>\nMilk\n</parameter>\n</function></tool_call>',
    '[TOOL_CALLS][{"name": "create_task", "arguments": {"title": "Milk"}}]',
    '<|python_tag|>{"name": "create_task", "parameters": {"title": "Milk"}}',
    '{"name": "create_task", "parameters": {"title": "Milk"}}',
    '```json\n{"type": "function", "function": {"name": "create_task", "arguments": {"title": "Milk"}}}\n```',
  ])('carries out a call that is written as text: %j', async (text) => {
    for (const parts of [[text], [...text]]) {
      model.script(model.whole({ text: parts }));
      const { body } = await model.ask().expect(200);
      expect([body.response, body.actions]).toEqual([
        'Done.',
        [expect.objectContaining({ type: 'create_record', data: expect.objectContaining({ title: 'Milk' }) })],
      ]);
    }
  });

  it('passes on to the next model where a call that is written as text cannot be read', async () => {
    model.script(model.whole({ text: ['<tool_call>create_task("Milk")</tool_call>'] }));
    expect((await model.ask().expect(200)).body.response).toBe('I am two.');
  });

  it.each<[string, unknown, unknown]>([
    ['negative', -5, -1],
    ['absurd', 1e300, 9e15],
    ['fractional', 1.5, 2.7],
    ['no number', 'many', null],
    ['a nested object', { tokens: 1 }, []],
  ])(
    'reports usage that is %s: the answer is whole, and no more than was reserved is charged',
    async (_, input, output) => {
      const budget = model.app.nest.get(TokenBudget);
      const before = await budget.used(model.user.id);
      model.script(model.whole({ ...ANSWER, usage: { input, output } }));
      const { body } = await model.ask().expect(200);
      const { input_tokens: sent, output_tokens: received } = body.usage;
      expect(body.response).toBe(TEXT);
      expect([sent, received].every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      const charged = (await budget.used(model.user.id)) - before;
      expect(charged).toBeGreaterThanOrEqual(0);
      expect(charged).toBeLessThan(50_000);
    },
  );
});
