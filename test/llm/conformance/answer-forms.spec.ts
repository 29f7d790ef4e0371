import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import { PhrasedReasoning } from '../../../libs/llm/src/content/phrased-reasoning';
import { answerOf, delta, DONE, event, HELLO, sse, STOP, type Seen } from './one-answer';

const COMPLETE: Seen = ['Hello', [], 'stop'];
const json = JSON.stringify;
const text = (content: string): ModelResponse => sse(delta({ content }), STOP, DONE);
const typed = (type: string, ...parts: string[]): ModelResponse => ({ type, parts });
const choice = (content: string): object => ({ index: 0, delta: { content } });
const withError = (error: unknown): ModelResponse => sse(event({ error, choices: [choice('Hello')] }), STOP, DONE);
const gemini = (finishReason: string, ...more: string[]): ModelResponse =>
  sse(event({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason }] }), ...more);
const LINES = [
  { message: { content: 'Hello' }, done: false },
  { message: { content: '' }, done: true },
];
const anthropic = (...end: string[]): ModelResponse =>
  sse(
    event({ message: {} }, 'message_start'),
    event({ index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start'),
    event({ index: 0, delta: { type: 'text_delta', text: 'Hello' } }, 'content_block_delta'),
    event({ delta: { stop_reason: 'end_turn' } }, 'message_delta'),
    ...end,
  );

describe('the answer is Hello', () => {
  it.each<[string, string, ModelResponse]>([
    [
      'openai',
      'in two events without a blank line between them',
      sse(`data: ${json({ choices: [choice('Hel')] })}\ndata: ${json({ choices: [choice('lo')] })}\n\n`, STOP, DONE),
    ],
    [
      'openai',
      'without any blank line',
      sse(
        `data: ${json({ choices: [choice('Hello')] })}\ndata: ${json({ choices: [{ finish_reason: 'stop' }] })}\ndata: [DONE]\n`,
      ),
    ],
    [
      'openai',
      'in an event of several lines',
      sse(`${json({ choices: [choice('Hello')] }, null, 1).replace(/^/gm, 'data: ')}\n\n`, STOP, DONE),
    ],
    ['openai', 'as JSON by its type', typed('application/json', HELLO, STOP, DONE)],
    ['openai', 'as a page by its type', typed('text/html; charset=UTF-8', HELLO, STOP, DONE)],
    ['ollama', 'as one JSON by its type', typed('application/json', ...LINES.map((line) => `${json(line)}\n`))],
    ['ollama', 'as events', typed('text/event-stream', ...LINES.map((line) => `data: ${json(line)}\n\n`), DONE)],
    [
      'ollama',
      'with the end marker as text',
      typed('application/x-ndjson', json({ message: { content: 'Hello' }, done: 'true' })),
    ],
    ['openai', 'in two choices of one chunk', sse(event({ choices: [choice('Hel'), choice('lo')] }), STOP, DONE)],
    ['openai', 'beside an error that is false', withError(false)],
    ['openai', 'beside an error that is empty text', withError('')],
    ['openai', 'beside an error that is an empty object', withError({})],
    [
      'cloudflare',
      'in its own form',
      sse(event({ response: 'Hel', p: 'abc' }), event({ response: 'lo' }), event({ response: '', usage: {} }), DONE),
    ],
    ['openai', 'before a quoted end marker', sse(delta({ content: 'Hello' }, 'stop'), 'data: "[DONE]"\n\n')],
    ['openai', 'before an end marker in lower case', sse(delta({ content: 'Hello' }, 'stop'), 'data: [done]\n\n')],
    ['anthropic', 'with the types as names of the events only', anthropic(event({}, 'message_stop'))],
    ['anthropic', 'before the end marker of OpenAI', anthropic(DONE)],
    ['google', 'with its finish reason in lower case', gemini('stop')],
    ['google', 'before the end marker of OpenAI', gemini('STOP', DONE)],
    ['openai', 'after <analysis>', text('<analysis>SECRET</analysis>\nHello')],
    ['openai', 'after <scratchpad>', text('<scratchpad>SECRET</scratchpad>Hello')],
    ['anthropic', 'after <antThinking>', anthropicText('<antThinking>SECRET</antThinking>Hello')],
    ['openai', 'after <longcat_think>', text('<longcat_think>SECRET</longcat_think>Hello')],
    ['openai', 'after the reasoning of Apertus', text('<|inner_prefix|>SECRET<|inner_suffix|>Hello')],
    ['openai', 'after the reasoning of MedGemma', text('<unused94>thought\nSECRET<unused95>Hello')],
    ['openai', 'in a box of GLM', text('<think>SECRET</think>\n<|begin_of_box|>Hello<|end_of_box|>')],
    ['openai', 'in <answer> after reasoning', text('<think>SECRET</think>\n<answer>\nHello</answer>')],
    ['openai', 'in <response> after reasoning', text('<think>SECRET</think><response>Hello</response>')],
    [
      'openai',
      'after the analysis of gpt-oss without its tokens',
      text('analysisThe user wants SECRET.assistantfinalHello'),
    ],
    [
      'openai',
      'after the thoughts of Granite',
      text('Here is my thought process:\nSECRET\nHere is my response:\nHello'),
    ],
    ['openai', 'before an end token of ChatML', text('Hello<|im_end|>')],
    ['openai', 'before an end token of Llama', text('Hello<|eot_id|>')],
  ])('of %s: %s', async (name, _, response) => {
    expect(await answerOf(name, response)).toEqual(COMPLETE);
    expect(await answerOf(name, inBytes(response))).toEqual(COMPLETE);
  });

  it.each([
    'See <analysis>the numbers</analysis> below',
    '<answer>42</answer> is XML',
    'Use `<|im_end|>` and `<answer>`',
    'A list: [create_task] and [x](y)',
    '[create_task]: nothing',
    'analysis of ```code``` and `a`',
    '```\nplain\n```',
    '<response> is a tag',
    'Here are your tasks',
    'Here is my thought process: none',
    'analysis',
    'analysis of it',
    ' Hello',
  ])('or what it says, where it has such words itself: %s', async (content) => {
    expect((await answerOf('openai', text(content)))[0]).toBe(content);
    const parts = [...content].map((letter) => delta({ content: letter }));
    expect((await answerOf('openai', sse(...parts, STOP, DONE)))[0]).toBe(content);
  });
});

describe('the text of an answer', () => {
  it.each([
    ['a pair that is cut in two', ['Hi \\ud83d', '\\ude00!'], 'Hi \ud83d\ude00!'],
    ['half of a pair in the middle', ['Hi \\ud83d', ' you'], 'Hi \ufffd you'],
    ['half of a pair at its end', ['Hi', '\\ud83d'], 'Hi\ufffd'],
    ['a second half', ['\\ude00', 'Hi'], '\ufffdHi'],
    ['NUL', ['H\\u0000i'], 'H\ufffdi'],
  ])('is one that our own requests accept, where the model writes %s', async (_, parts, expected) => {
    const escaped = parts.map((part) => delta({ content: 'PART' }).replace('PART', part));
    expect(await answerOf('openai', sse(...escaped, STOP, DONE))).toEqual([expected, [], 'stop']);
  });

  it.each(['analysisThe user', 'Here is my thought process: the user'])(
    'is read in little time where it begins with %j and grows by single characters',
    (beginning) => {
      const reasoning = new PhrasedReasoning();
      const began = performance.now();
      let shown = reasoning.write(beginning);
      for (let i = 0; i < 1_000_000; i += 1) shown += reasoning.write('a');
      expect(shown).toBe('');
      expect(performance.now() - began).toBeLessThan(30_000);
    },
  );
});

function anthropicText(content: string): ModelResponse {
  const events = [
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: content } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    { type: 'message_stop' },
  ];
  return sse(...events.map((data) => event(data, data.type)));
}

function inBytes(response: ModelResponse): ModelResponse {
  if (!('parts' in response)) return response;
  const bytes = Buffer.concat(response.parts.map((part) => Buffer.from(part)));
  return { ...response, parts: [...bytes].map((byte) => Buffer.from([byte])) };
}
