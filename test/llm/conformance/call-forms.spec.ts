import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import { delta, DONE, event, HELLO, merged, sse, STOP } from './one-answer';

const MILK = { title: 'Milk' };
const BREAD = { title: 'Bread' };
const json = JSON.stringify;
const text = (content: string): ModelResponse => sse(delta({ content }), STOP, DONE);
const called = (args: unknown, name = 'create_task') => ({ type: 'function', function: { name, arguments: args } });
/** Less than an event may have. */
const LONG = 'x'.repeat(600_000);
const CALLS = delta({}, 'tool_calls');
/** The deltas of calls, each as the only one of its chunk. */
const calls = (...deltas: object[]): ModelResponse =>
  sse(...deltas.map((call) => delta({ tool_calls: [call] })), CALLS, DONE);
const one = (args: unknown, name?: string): ModelResponse => calls({ index: 0, id: 'a', ...called(args, name) });
const gemini = (...parts: object[]): ModelResponse =>
  sse(event({ candidates: [{ content: { parts }, finishReason: 'STOP' }] }));
const anthropic = (...events: object[]): ModelResponse => {
  const end = [{ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' }];
  return sse(...[...events, ...end].map((data) => event(data)));
};
const begin = (index: unknown, input: object = {}, type = 'tool_use') => ({
  type: 'content_block_start',
  index,
  content_block: { type, id: `id${String(index)}`, name: 'create_task', input },
});
const input = (index: unknown, part: string) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'input_json_delta', partial_json: part },
});
const ollama = (message: object): ModelResponse => ({
  type: 'application/x-ndjson',
  parts: [`${json({ message })}\n`, `${json({ message: { content: '' }, done: true, done_reason: 'stop' })}\n`],
});
const INVOKE = '<invoke name="create_task">\n<parameter name="title">Milk</parameter>\n</invoke>';

describe('a call of a tool', () => {
  it.each<[string, ModelResponse, readonly object[]]>([
    // Written as text.
    ['openai', text('[create_task(title="Milk")]'), [MILK]],
    [
      'openai',
      text('<tool_call>create_task\n<arg_key>title</arg_key>\n<arg_value>Milk</arg_value>\n</tool_call>'),
      [MILK],
    ],
    ['openai', text('<tool_call>create_task</tool_call>'), [{}]],
    ['openai', text(`<minimax:tool_call>\n${INVOKE}\n</minimax:tool_call>`), [MILK]],
    ['openai', text(INVOKE), [MILK]],
    [
      'openai',
      text(
        '<|tool_calls_section_begin|><|tool_call_begin|>functions.create_task:0<|tool_call_argument_begin|>{"title":"Milk"}' +
          '<|tool_call_end|><|tool_calls_section_end|>',
      ),
      [MILK],
    ],
    [
      'deepseek',
      text(
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>create_task\n```json\n{"title":"Milk"}\n```' +
          '<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      ),
      [MILK],
    ],
    [
      'deepseek',
      text(
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>create_task<｜tool▁sep｜>{"title":"Milk"}<｜tool▁call▁end｜>' +
          '<｜tool▁call▁begin｜>create_task<｜tool▁sep｜>{"title":"Bread"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      ),
      [MILK, BREAD],
    ],
    [
      'deepseek',
      text(
        '<｜DSML｜function_calls><｜DSML｜invoke name="create_task"><｜DSML｜parameter name="title" string="true">Milk' +
          '</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>',
      ),
      [MILK],
    ],
    ['mistral', text('[TOOL_CALLS]create_task[ARGS]{"title":"Milk"}'), [MILK]],
    ['mistral', text('[TOOL_CALLS]create_task{"title":"Milk"}[TOOL_CALLS]create_task{"title":"Bread"}'), [MILK, BREAD]],
    [
      'openai',
      text('<|python_start|>[create_task(title="Milk"), create_task(title=\'Bread\',)]<|python_end|>'),
      [MILK, BREAD],
    ],
    ['openai', text('<|tool_call_start|>[create_task(title="Milk")]<|tool_call_end|>'), [MILK]],
    ['google', gemini({ text: '```tool_code\nprint(default_api.create_task(title = "Milk"))\n```' }), [MILK]],
    [
      'openai',
      text(
        '<|START_ACTION|>[{"tool_call_id":"0","tool_name":"create_task","parameters":{"title":"Milk"}}]<|END_ACTION|>',
      ),
      [MILK],
    ],
    // Names.
    ['openai', one(json(MILK), 'functions.create_task'), [MILK]],
    ['openai', one(json(MILK), 'create_task<|channel|>commentary'), [MILK]],
    ['google', gemini({ functionCall: { name: 'default_api:create_task', args: MILK } }), [MILK]],
    // Shapes of the call.
    ['openai', sse(delta({ tool_calls: { index: 0, id: 'a', ...called(json(MILK)) } }), CALLS, DONE), [MILK]],
    ['openai', calls({ index: 0, id: 'a', function: 'create_task', arguments: json(MILK) }), [MILK]],
    ['openai', calls({ index: 0, id: 'a', name: 'create_task', input: MILK }), [MILK]],
    ['openai', calls({ index: 0, id: 'a', function: { name: 'create_task', parameters: MILK } }), [MILK]],
    [
      'cloudflare',
      sse(event({ response: null, tool_calls: [{ name: 'create_task', arguments: MILK }] }), DONE),
      [MILK],
    ],
    ['ollama', ollama({ content: '', tool_calls: [{ name: 'create_task', arguments: MILK }] }), [MILK]],
    // Identity.
    [
      'mistral',
      sse(delta({ tool_calls: [MILK, BREAD].map((args) => ({ id: 'null', ...called(json(args)) })) }, 'tool_calls')),
      [MILK, BREAD],
    ],
    [
      'openai',
      calls(
        { index: 0, id: 'a', ...called('') },
        { index: 0, id: 'b', function: { arguments: '{"title":' } },
        { index: 0, id: 'c', function: { name: null, arguments: '"Milk"}' } },
      ),
      [MILK],
    ],
    ['anthropic', anthropic(begin('0'), begin('1'), input('0', json(MILK)), input('1', json(BREAD))), [MILK, BREAD]],
    [
      'anthropic',
      anthropic(begin(0), input(0, json(MILK)), begin(1, {}, 'server_tool_use'), input(1, '{"q":1}')),
      [MILK],
    ],
    // Arguments.
    ['anthropic', anthropic(begin(0, MILK), input(0, json(MILK))), [MILK]],
    ['anthropic', anthropic(begin(0, MILK), begin(1, BREAD)), [MILK, BREAD]],
    ['openai', one('{"title": "Mi\nlk"}'), [{ title: 'Mi\nlk' }]],
    ['openai', one('{"title": "Milk"}</tool_call>'), [MILK]],
    ['openai', one('```json\n{"title": "Milk"}\n```'), [MILK]],
    [
      'openai',
      one("{'title': 'Milk', 'done': True, 'tags': ['a', None]}"),
      [{ ...MILK, done: true, tags: ['a', null] }],
    ],
    ['openai', one('[{"title":"Milk"}]'), [MILK]],
    [
      'openai',
      calls({ index: 0, id: 'a', ...called(json(MILK)) }, { index: 0, function: { arguments: json(MILK) } }),
      [MILK],
    ],
    [
      'openai',
      calls({ index: 0, id: 'a', ...called('null') }, { index: 0, function: { arguments: json(MILK) } }),
      [MILK],
    ],
    ['openai', calls({ index: 0, id: 'a', ...called({}) }, { index: 0, function: { arguments: json(MILK) } }), [MILK]],
  ])('%s: is read from %j', async (name, response, args) => {
    const answer = await merged(name, response);
    expect([answer.text, answer.failure]).toEqual(['', undefined]);
    expect(answer.calls.map((call) => [call.name, call.args])).toEqual(args.map((given) => ['create_task', given]));
    expect(new Set(answer.calls.map(({ id }) => id)).size).toBe(args.length);
  });

  it.each<[string, ModelResponse]>([
    ['has no name', calls({ index: 0, function: { arguments: json(MILK) } })],
    ['is too large', calls({ index: 0, ...called(LONG) }, { index: 0, ...called(LONG) })],
    ['is text that is no call', text('<tool_call>create_task{{{</tool_call>')],
    ['is too long a text', text(`<tool_call>${LONG}`)],
    [
      'is one of too many',
      calls(...Array.from({ length: 500 }, (_, index) => ({ index, id: `a${index}`, ...called('{}') }))),
    ],
  ])('that %s fails the answer and tells nothing about the health of the provider', async (_, response) => {
    expect(await merged('openai', response)).toMatchObject({ failure: 'upstream_failed', counts: false });
  });

  it.each([
    ['\\u0000', '\ufffd'],
    ['\\ud83d', '\ufffd'],
    ['\\ude00\\ud83d', '\ufffd\ufffd'],
    ['\\ud83d\\ude00', '\ud83d\ude00'],
    ['\\\\u0000', '\\u0000'],
  ])('has arguments that our own requests accept, of %s', async (escaped, expected) => {
    const { calls: made } = await merged('openai', one(`{"title":"Milk ${escaped}","${escaped}":1}`));
    expect(made.map(({ args }) => args)).toEqual([{ title: `Milk ${expected}`, [expected]: 1 }]);
    expect((await merged('openai', one({ title: JSON.parse(`"${escaped}"`) as string }))).calls[0]?.args).toEqual({
      title: expected,
    });
  });

  it.each<[string, string, ModelResponse]>([
    ['openai', 'is announced and missing', sse(HELLO, CALLS, DONE)],
    [
      'openai',
      'has arguments and no name',
      sse(HELLO, delta({ tool_calls: [{ index: 0, id: 'a', function: { arguments: json(MILK) } }] }), STOP, DONE),
    ],
    [
      'anthropic',
      'is announced and missing',
      anthropic({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
    ],
    ['google', 'has arguments and no name', gemini({ text: 'Hello' }, { functionCall: { args: MILK } })],
    [
      'ollama',
      'has arguments and no name',
      ollama({ content: 'Hello', tool_calls: [{ function: { arguments: MILK } }] }),
    ],
  ])('of %s fails the answer where it %s', async (name, _, response) => {
    expect(await merged(name, response)).toMatchObject({ text: 'Hello', calls: [], failure: 'upstream_failed' });
  });

  it('in Python is shown as it is where no tool has its name', async () => {
    const list = '[print(value="Milk")]';
    expect((await merged('openai', text(list))).text).toBe(list);
  });

  it.each([
    ['that look like ends', { function: { arguments: '}}}}"' } }],
    ['with the name in each', called('{},[1]')],
  ])('of many small parts %s is read in little time', async (_, part) => {
    const parts = Array.from({ length: 20_000 }, () => delta({ tool_calls: [{ index: 0, id: 'a', ...part }] }));
    const began = performance.now();
    const body = [delta({ tool_calls: [{ index: 0, id: 'a', ...called('{"a":"') }] }), ...parts, CALLS].join('');
    expect((await merged('openai', sse(body))).calls).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});
