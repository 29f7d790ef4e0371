import { gzipSync } from 'node:zlib';
import type { ModelChunk } from '../../../libs/llm/src/streaming/model-chunk';
import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import { answerOf, delta, DONE, event, HELLO, merged, sse, STOP, type Seen } from './one-answer';

const MILK = { title: 'Milk' };
const gzipped = (status: number, body: object): ModelResponse => ({
  status,
  headers: { 'content-encoding': 'gzip' },
  body: gzipSync(JSON.stringify(body)),
});

async function usageOf(name: string, response: ModelResponse) {
  return (await merged(name, response)).usage;
}

const call = (text: string) => sse(delta({ content: text }), STOP, DONE);

describe('what a provider sends in a form of its own', () => {
  it.each<[string, string, ModelResponse, Seen]>([
    // Failures inside a stream that are no member `error`, before an end marker that follows all the same.
    [
      'mistral',
      'an error object',
      sse(HELLO, event({ object: 'error', message: 'x', type: 'y', code: '1500' }), DONE),
      ['Hello', [], 'upstream_failed'],
    ],
    [
      'mistral',
      'an error object of overload',
      sse(
        HELLO,
        event({
          object: 'error',
          message: 'x',
          type: 'service_tier_capacity_exceeded',
          code: '3505',
          raw_status_code: 429,
        }),
        DONE,
      ),
      ['Hello', [], 'unavailable'],
    ],
    [
      'serverless_gpu',
      'an error object of vLLM',
      sse(HELLO, event({ object: 'error', message: 'x', type: 'InternalServerError', code: 500 }), DONE),
      ['Hello', [], 'upstream_failed'],
    ],
    [
      'cloudflare',
      'errors of the platform',
      sse(HELLO, event({ success: false, errors: [{ message: 'x', code: 3040 }], result: {} }), DONE),
      ['Hello', [], 'unavailable'],
    ],
    ['serverless_gpu', 'a detail', sse(HELLO, event({ detail: 'x' }), DONE), ['Hello', [], 'upstream_failed']],
    [
      'openai',
      'an array with an error',
      sse(HELLO, event([{ error: { code: 503, status: 'UNAVAILABLE' } }])),
      ['Hello', [], 'unavailable'],
    ],
    [
      'anthropic',
      'an error without type',
      sse(event({ error: { type: 'overloaded_error' } }, 'error')),
      ['', [], 'unavailable'],
    ],
    // Finish reasons.
    ['serverless_gpu', 'an aborted answer', sse(HELLO, delta({}, 'abort'), DONE), ['Hello', [], 'upstream_failed']],
    ['openrouter', 'a reason in capitals', sse(HELLO, delta({}, 'MAX_TOKENS'), DONE), ['Hello', [], 'length']],
    [
      'openrouter',
      'the refusal of another protocol',
      sse(HELLO, delta({}, 'refusal'), DONE),
      ['Hello', [], 'content_refused'],
    ],
    [
      'openai',
      'null as text in place of a reason',
      sse(delta({ content: 'Hello' }, 'null')),
      ['Hello', [], 'upstream_failed'],
    ],
    // Refusals.
    [
      'openai',
      'a part that is a refusal',
      sse(delta({ content: [{ type: 'refusal', refusal: 'x' }] }), STOP, DONE),
      ['', [], 'content_refused'],
    ],
    [
      'openrouter',
      'flagged input, which is no refused key',
      {
        status: 403,
        body: '{"error":{"code":403,"message":"x","metadata":{"reasons":["violence"],"flagged_input":"y"}}}',
      },
      ['', [], 'content_refused'],
    ],
    [
      'deepseek',
      'content that exists risk',
      {
        status: 400,
        body: '{"error":{"message":"Content Exists Risk","type":"invalid_request_error","code":"invalid_request_error"}}',
      },
      ['', [], 'content_refused'],
    ],
    [
      'anthropic',
      'output that is blocked',
      {
        status: 400,
        body: '{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}',
      },
      ['', [], 'content_refused'],
    ],
    [
      'openai',
      'a compressed refusal',
      gzipped(400, { error: { code: 'content_filter' } }),
      ['', [], 'content_refused'],
    ],
    // Text.
    [
      'cloudflare',
      'a token that is a number',
      sse(delta({ content: 'Hello ' }), delta({ content: 7 }), STOP, DONE),
      ['Hello 7', [], 'stop'],
    ],
    [
      'mistral',
      'parts that are text alone',
      sse(delta({ content: ['Hel', { type: 'text', text: 'lo' }] }), STOP, DONE),
      ['Hello', [], 'stop'],
    ],
    // The end.
    [
      'openai',
      'a reset after the finish reason',
      { type: 'text/event-stream', parts: [HELLO, STOP], then: 'reset' },
      ['Hello', [], 'stop'],
    ],
    [
      'anthropic',
      'a reset after the stop reason',
      {
        type: 'text/event-stream',
        parts: [
          event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hello' } }),
          event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
        ],
        then: 'reset',
      },
      ['Hello', [], 'stop'],
    ],
    ['openai', 'an end marker with blanks', sse(HELLO, 'data:  [DONE] \n\n'), ['Hello', [], 'stop']],
    ['openai', 'garbage after the finish reason', sse(HELLO, STOP, 'data: "half\n\n'), ['Hello', [], 'stop']],
    [
      'ollama',
      'lines of another JSON type',
      { type: 'application/jsonl', parts: ['{"message":{"content":"Hello"},"done":true}\n'] },
      ['Hello', [], 'stop'],
    ],
    // Calls.
    [
      'cloudflare',
      'a call without `function`',
      sse(delta({ tool_calls: [{ name: 'create_task', arguments: MILK }] }), STOP, DONE),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'a call in its old and its new form',
      sse(
        delta({
          function_call: { name: 'create_task', arguments: '{"title":"Milk"}' },
          tool_calls: [{ index: 0, id: 'a', function: { name: 'create_task', arguments: '{"title":"Milk"}' } }],
        }),
        STOP,
        DONE,
      ),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'index gaps',
      sse(
        delta({ tool_calls: [{ index: 3, id: 'a', function: { name: 'create_task', arguments: MILK } }] }),
        delta({
          tool_calls: [
            { index: 7, id: 'a', function: { name: 'create_task', arguments: '"{\\"title\\":\\"Milk\\"}"' } },
          ],
        }),
        STOP,
        DONE,
      ),
      ['', [MILK, MILK], 'stop'],
    ],
    [
      'openai',
      'a call as text that begins with its id',
      call('{"id": "c", "type": "function", "function": {"name": "create_task", "arguments": {"title": "Milk"}}}'),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'a call as text that begins with its arguments',
      call('{"arguments": {"title": "Milk"}, "name": "create_task"}'),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'calls as text in a list that has a name',
      call('{"tool_calls": [{"name": "create_task", "arguments": {"title": "Milk"}}]}'),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'a call as text in Hermes form of two lines',
      call(
        '<tool_call>{"name": "create_task", "arguments": {"title": "Milk"}}</tool_call>\n<tool_call>{"name": "create_task", "arguments": {"title": "Milk"}}</tool_call>',
      ),
      ['', [MILK, MILK], 'stop'],
    ],
    [
      'openai',
      'a call in the form of Anthropic',
      call(
        '<function_calls><invoke name="create_task"><parameter name="title">Milk</parameter></invoke></function_calls>',
      ),
      ['', [MILK], 'stop'],
    ],
    [
      'openai',
      'a call in the form of Kimi',
      call(
        '<|tool_calls_section_begin|><|tool_call_begin|>functions.create_task:0<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>',
      ),
      ['', [{}], 'stop'],
    ],
    [
      'openai',
      'a call in the form of Granite',
      call('<|tool_call|>[{"name": "create_task", "arguments": {"title": "Milk"}}]'),
      ['', [MILK], 'stop'],
    ],
    // Reasoning.
    [
      'openai',
      'a thought in special tokens',
      call('<|begin_of_thought|>SECRET<|end_of_thought|>Hello'),
      ['Hello', [], 'stop'],
    ],
    [
      'openai',
      'a thought in the form of Cohere',
      call('<|START_THINKING|>SECRET<|END_THINKING|>Hello'),
      ['Hello', [], 'stop'],
    ],
    ['openai', 'a tag with an attribute', call('<think type="deep">SECRET</think>Hello'), ['Hello', [], 'stop']],
    [
      'openai',
      'an answer of harmony',
      call('<|channel|>analysis<|message|>SECRET<|end|><|start|>assistant<|channel|>final<|message|>Hello<|return|>'),
      ['Hello', [], 'stop'],
    ],
    [
      'openai',
      'a commentary call of harmony',
      call('<|channel|>commentary to=functions.create_task <|constrain|>json<|message|>{"title":"Milk"}<|call|>'),
      ['', [MILK], 'stop'],
    ],
  ])('%s: %s', async (name, _, response, seen) => {
    expect(await answerOf(name, response)).toEqual(seen);
  });

  const usage = (input: unknown, output: unknown) => ({ prompt_tokens: input, completion_tokens: output });
  it.each<[string, string, ModelResponse, ModelChunk['usage']]>([
    [
      'cloudflare',
      'counts as texts',
      sse(HELLO, STOP, event({ choices: [], usage: usage('12', '3') }), DONE),
      reported(12, 3),
    ],
    ['mistral', 'a report without counts', sse(HELLO, STOP, event({ choices: [], usage: {} }), DONE), undefined],
    [
      'mistral',
      'one count',
      sse(HELLO, STOP, event({ choices: [], usage: usage(12, undefined) }), DONE),
      reported(12, 0),
    ],
    [
      'openai',
      'a report of the choice',
      sse(HELLO, event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: usage(12, 3) }] }), DONE),
      reported(12, 3),
    ],
    [
      'openai',
      'a report of Groq',
      sse(HELLO, STOP, event({ choices: [], x_groq: { usage: usage(12, 3) } }), DONE),
      reported(12, 3),
    ],
    [
      'ollama',
      'no counts',
      { type: 'application/x-ndjson', parts: [line({ content: 'Hello' }, false), line({}, true)] },
      undefined,
    ],
  ])('%s: tokens as %s', async (name, _, response, tokens) => {
    expect(await usageOf(name, response)).toEqual(tokens);
  });
});

function reported(inputTokens: number, outputTokens: number): ModelChunk['usage'] {
  return { inputTokens, outputTokens };
}

function line(message: object, done: boolean): string {
  return `${JSON.stringify({ message: { role: 'assistant', ...message }, done, ...(done ? { done_reason: 'stop' } : {}) })}\n`;
}
