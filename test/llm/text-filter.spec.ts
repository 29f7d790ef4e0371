import { TextFilter } from '../../libs/llm/src/content/text-filter';
import { UnmarkedReasoning } from '../../libs/llm/src/content/unmarked-reasoning';

/** What is shown of a text that arrives in pieces; text that was retracted is not. */
function shown(
  pieces: readonly string[],
  holding: boolean,
  cut = false,
): { text: string; live: string; retracts: number } {
  let text = '';
  let live = '';
  let retracts = 0;
  const filter = new TextFilter(new Set(['create_task']), holding, () => {
    retracts += 1;
    text = '';
  });
  for (const piece of pieces) {
    const part = filter.write(piece);
    text += part;
    live += part;
  }
  const rest = filter.end(cut).text;
  return { text: text + rest, live, retracts };
}

const chunkings = (text: string): string[][] => [[text], [...text], text.match(/.{1,3}/gs) ?? []];

describe('reasoning that no tag opens', () => {
  it.each([
    ['SECRET\n</think>\n\nHello', 'Hello'],
    ['SECRET</think>Hello', 'Hello'],
    ['SECRET [/THINK] Hello', 'Hello'],
    ['</think>\nHello', 'Hello'],
    ['SECRET</THINKING>Hello </think>you', 'Hello you'],
    ['{"name": "SECRET"}</think>Hello', 'Hello'],
    ['{"name": "Anna"} <think>SECRET</think>Hello', '{"name": "Anna"} Hello'],
    ['Use "</think>" or `</think>` (</think>)', 'Use "</think>" or `</think>` (</think>)'],
    ['<think>SECRET</think>Hello</think> you', 'Hello you'],
  ])('is retracted in %j: %j', (text, left) => {
    for (const pieces of chunkings(text)) expect(shown(pieces, false).text).toBe(left);
  });

  it('is never shown where it is expected, and an answer without it is shown at its end', () => {
    for (const pieces of chunkings('SECRET\n</think>\n\nHello')) {
      expect(shown(pieces, true)).toMatchObject({ text: 'Hello', live: 'Hello' });
    }
    expect(shown(['Hello ', 'you'], true)).toMatchObject({ text: 'Hello you', live: '', retracts: 0 });
    expect(shown(['SECRET', ' thought'], true, true).text).toBe('');
  });

  it('does not hold back an answer whose reasoning is marked', () => {
    expect(shown(['<think>SECRET</think>', 'Hello ', 'you'], true).live).toBe('Hello you');
    const filter = new TextFilter(new Set(), true, () => undefined);
    expect([filter.write('Hello '), filter.reasoningIsSeparate(), filter.write('you')]).toEqual(['', 'Hello ', 'you']);
  });

  it.each([
    'ollama:deepseek-r1:8b',
    'openrouter:qwen/qwq-32b',
    'openai:Qwen3-30B-A3B-Thinking-2507',
    'x:sonar-reasoning',
  ])('is expected of %s', (origin) => expect(new UnmarkedReasoning(origin).isExpected).toBe(true));

  it.each(['openai:gpt-5', 'ollama:r11-chat', 'anthropic:claude-sonnet-4-5', 'google:gemini-2.5-pro'])(
    'is not expected of %s, until it was seen',
    (origin) => {
      const model = new UnmarkedReasoning(origin);
      expect(model.isExpected).toBe(false);
      model.observe(true);
      expect(model.isExpected).toBe(true);
      model.observe(false);
      expect(model.isExpected).toBe(false);
    },
  );
});
