import type { AIMessage, AIMessageChunk, UsageMetadata } from '@langchain/core/messages';

import { FIXTURES } from './regression/fixtures';
import { toolsOf } from './agent-tools';
import { model, opening } from './conversation';

const bound = model.bindTools(toolsOf('task_agent'));

async function collect(say: string, signal?: AbortSignal): Promise<AIMessageChunk[]> {
  const chunks: AIMessageChunk[] = [];
  const messages = opening(say, { context: FIXTURES });
  for await (const chunk of await bound.stream(messages, signal ? { signal } : {})) chunks.push(chunk);
  return chunks;
}

describe('streaming', () => {
  it('brings text word by word, then the usage', async () => {
    const chunks = await collect('what is the meaning of life?');
    const words = chunks.filter((chunk) => chunk.text !== '');
    expect(words.length).toBeGreaterThan(10);
    expect(words.every((chunk) => chunk.text.trim().split(/\s+/).length === 1)).toBe(true);
    expect(words.map((chunk) => chunk.text).join('')).toBe(
      (await bound.invoke(opening('what is the meaning of life?', { context: FIXTURES }))).text,
    );
    const usage = usageOf(chunks.at(-1));
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(usage?.output_tokens).toBe(Math.ceil(words.map((chunk) => chunk.text).join('').length / 4));
  });

  it('brings tool calls as chunks that add up to the same calls as without streaming', async () => {
    const chunks = await collect('Add tasks: buy milk and call Bob');
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
    const plain = await bound.invoke(opening('Add tasks: buy milk and call Bob', { context: FIXTURES }));
    expect(whole.tool_calls?.map(({ id, name, args }) => ({ id, name, args }))).toEqual(
      plain.tool_calls?.map(({ id, name, args }) => ({ id, name, args })),
    );
    expect(whole.tool_calls).toHaveLength(2);
  });

  it('counts the usage once', async () => {
    const whole = (await collect('what can you do')).reduce((sum, chunk) => sum.concat(chunk));
    const plain = await bound.invoke(opening('what can you do', { context: FIXTURES }));
    expect(usageOf(whole)?.total_tokens).toBe(usageOf(plain)?.total_tokens);
    expect(usageOf(whole)?.total_tokens).toBeGreaterThan(0);
  });

  it('stops when it is told to', async () => {
    const stopped = new AbortController();
    stopped.abort();
    await expect(collect('what can you do', stopped.signal)).rejects.toThrow();
    const later = new AbortController();
    const seen: string[] = [];
    const stream = await bound.stream(opening('what can you do', { context: FIXTURES }), { signal: later.signal });
    const reading = (async () => {
      for await (const chunk of stream) {
        seen.push(chunk.text);
        later.abort();
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(seen.length).toBeLessThan(4);
  });

  it('gives the same answer to the same messages', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => bound.invoke(opening('remind me to call Anna', { context: FIXTURES }))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.tool_calls))).size).toBe(1);
  });
});

function usageOf(message: AIMessage | AIMessageChunk | undefined): UsageMetadata | undefined {
  return message?.usage_metadata;
}
