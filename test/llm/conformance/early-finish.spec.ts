import { whenBusy } from '../../support/app';
import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import { answerOf, delta, DONE, event, sse, STOP, type Seen } from './one-answer';

/** Longer than a report of usage is waited for. */
const PAUSE_MS = 600;
const slowly = (...parts: string[]): ModelResponse => ({ type: 'text/event-stream', parts, gap: PAUSE_MS });
const hanging = (...parts: string[]): ModelResponse => ({ type: 'text/event-stream', parts, then: 'stall' });
const cut = (...parts: string[]): ModelResponse => ({ type: 'text/event-stream', parts, then: 'reset' });
const text = (content: string, reason: string | null = 'stop'): string => delta({ content }, reason);
const thought = (content: string): string => delta({ content: '', reasoning_content: content }, 'stop');
const task = (title: string, index: number): string =>
  delta(
    {
      tool_calls: [{ index, id: `c${index}`, function: { name: 'create_task', arguments: JSON.stringify({ title }) } }],
    },
    'tool_calls',
  );
const gemini = (parts: readonly object[], finishReason?: string): string =>
  event({ candidates: [{ content: { role: 'model', parts }, finishReason }] });
const call = (title: string): object => ({ functionCall: { name: 'create_task', args: { title } } });
const OPEN_GAP_MS = 500;
const COMPLETE: Seen = ['Hello', [], 'stop'];

describe('a finish reason ends an answer only where no more output follows it, however late', () => {
  it.each<[string, string, ModelResponse, Seen]>([
    [
      'google',
      'with every part',
      slowly(gemini([{ text: 'Hel' }], 'STOP'), gemini([{ text: 'lo' }], 'STOP')),
      COMPLETE,
    ],
    [
      'google',
      'before the text, from a gateway',
      slowly(gemini([], 'STOP'), gemini([{ text: 'Hello' }]), gemini([], 'STOP')),
      COMPLETE,
    ],
    [
      'google',
      'with every call',
      slowly(gemini([call('a')], 'STOP'), gemini([call('b')], 'STOP')),
      ['', [{ title: 'a' }, { title: 'b' }], 'stop'],
    ],
    ['openai', 'with every part', slowly(text('Hel'), text('lo'), DONE), COMPLETE],
    ['openai', 'with every part, without an end', slowly(text('Hel'), text('lo')), COMPLETE],
    [
      'openai',
      'with every part of the reasoning',
      slowly(thought('SECRET'), thought('SECRET'), text('Hello', null), STOP, DONE),
      COMPLETE,
    ],
    [
      'openai',
      'with every call',
      slowly(task('a', 0), task('b', 1), DONE),
      ['', [{ title: 'a' }, { title: 'b' }], 'stop'],
    ],
    [
      'openai',
      'with every part, the last cut at the limit',
      slowly(text('Hel'), text('lo', 'length'), DONE),
      ['Hello', [], 'length'],
    ],
    ['openai', 'before a line end', sse(text('Hello', null), STOP, text('\n', null)), ['Hello\n', [], 'stop']],
    ['openai', 'between two parts', sse(text('Hel', null), STOP, text('lo', null), STOP), COMPLETE],
  ])('%s: %s', async (name, _, response, right) => {
    expect(await answerOf(name, response)).toEqual(right);
  });

  it.each<[string, string, ModelResponse, Seen]>([
    [
      'openai',
      'text without one follows the last',
      sse(text('Hel'), text('lo', null)),
      ['Hello', [], 'upstream_failed'],
    ],
    [
      'openai',
      'each part had one, and the connection is reset',
      cut(text('Hel'), text('lo')),
      ['Hello', [], 'upstream_failed'],
    ],
    [
      'google',
      'each part had one, and the connection is reset',
      cut(gemini([{ text: 'Hel' }], 'STOP'), gemini([{ text: 'lo' }], 'STOP')),
      ['Hello', [], 'upstream_failed'],
    ],
    [
      'google',
      'each part had one, and nothing follows',
      hanging(gemini([{ text: 'Hel' }], 'STOP'), gemini([{ text: 'lo' }], 'STOP')),
      ['Hello', [], 'upstream_timeout'],
    ],
    [
      'openai',
      'garbage follows the only part, which had one',
      sse(text('Hel'), 'data: {"half\n\n'),
      ['Hel', [], 'upstream_failed'],
    ],
  ])('the answer of %s is not complete where %s', async (name, _, response, right) => {
    expect(await answerOf(name, response, right[2] === 'upstream_timeout' ? OPEN_GAP_MS : undefined)).toEqual(right);
  });

  it.each<[string, string, ModelResponse]>([
    ['openai', 'after the text', hanging(text('Hello', null), STOP)],
    ['openai', 'with the last of its parts', hanging(text('Hel', null), text('lo'))],
    [
      'openai',
      'and with its usage',
      hanging(
        text('Hello'),
        delta({}, 'stop'),
        event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }),
      ),
    ],
    ['google', 'with the last of its parts', hanging(gemini([{ text: 'Hel' }]), gemini([{ text: 'lo' }], 'STOP'))],
  ])('an open connection delays the answer of %s by no gap where the reason comes %s', async (name, _, response) => {
    const began = performance.now();
    expect(await answerOf(name, response, 100_000)).toEqual(COMPLETE);
    expect(performance.now() - began).toBeLessThan(whenBusy(5_000));
  });

  it('comments after the finish reason do not delay the end', async () => {
    const comments = Array.from({ length: 1_000 }, () => ': heartbeat\n\n');
    const parts = [text('Hello', null), STOP, ...comments];
    const began = performance.now();
    expect(await answerOf('openai', { type: 'text/event-stream', parts, gap: 100, then: 'stall' })).toEqual(COMPLETE);
    expect(performance.now() - began).toBeLessThan(whenBusy(5_000));
  });

  it('an answer of one part with its reason is complete when the gap has passed', async () => {
    expect(await answerOf('openai', hanging(text('Hello')), OPEN_GAP_MS)).toEqual(COMPLETE);
    expect(await answerOf('google', hanging(gemini([call('a')], 'STOP')), OPEN_GAP_MS)).toEqual([
      '',
      [{ title: 'a' }],
      'stop',
    ]);
  });
});
