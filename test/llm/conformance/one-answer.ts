import { HumanMessage } from '@langchain/core/messages';
import { Environment } from '@adiuva/config';
import { LlmConfig } from '@adiuva/llm';
import { ModelFactory } from '../../../libs/llm/src/providers/model-factory';
import { CircuitBreakers } from '../../../libs/llm/src/streaming/circuit-breakers.adapter';
import { ModelAttempt } from '../../../libs/llm/src/streaming/model-attempt.adapter';
import { mergeChunks, type ModelChunk } from '../../../libs/llm/src/streaming/model-chunk';
import { ProviderError } from '../../../libs/llm/src/streaming/provider-error';
import { FakeModelServer, type ModelResponse } from '../../support/fakes/models/fake-model-server';
import { TESTED } from './providers';

const TOOLS = [{ name: 'create_task', description: 'Creates a task', schema: { type: 'object', properties: {} } }];
const GAP_MS = 10_000;

export const event = (data: unknown, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
export const delta = (part: object, reason: unknown = null): string =>
  event({ choices: [{ index: 0, delta: part, finish_reason: reason }] });
export const HELLO = delta({ role: 'assistant', content: 'Hello' });
export const STOP = delta({}, 'stop');
export const DONE = 'data: [DONE]\n\n';
export const sse = (...parts: string[]): ModelResponse => ({ type: 'text/event-stream', parts });

/** What one model answers: its text, the arguments of its calls, why it ended; or the code of its failure. */
export type Seen = readonly [text: string, calls: readonly unknown[], end: string | undefined];

export async function answerOf(name: string, response: ModelResponse, gapMs = GAP_MS): Promise<Seen> {
  const { text, calls, finishReason, failure } = await merged(name, response, gapMs);
  return failure === undefined ? [text, calls.map(({ args }) => args), finishReason] : [text, [], failure];
}

/** One answer of one model, read without the rest of the server. */
export async function merged(name: string, response: ModelResponse, gapMs = GAP_MS) {
  const provider = TESTED.find((tested) => tested.name === name);
  if (!provider) throw new Error(`there is no provider ${name}`);
  const server = await FakeModelServer.start();
  server.answer(() => response);
  const settings = { ...provider.settings, [provider.baseSetting]: server.origin + provider.base };
  const models = new ModelFactory(new LlmConfig(new Environment({ LLM_PROVIDER: name, ...settings })).values, 100);
  const limits = { LLM_FIRST_TOKEN_TIMEOUT_MS: GAP_MS, LLM_TOKEN_GAP_TIMEOUT_MS: gapMs, LLM_TOTAL_TIMEOUT_MS: 120_000 };
  const attempt = new ModelAttempt(new CircuitBreakers(10).of(name), limits, new AbortController().signal);
  let answer: ModelChunk = { text: '', calls: [] };
  try {
    const model = models.model({ provider: name, model: 'one' }, 1_000);
    await attempt.open(model, { messages: [new HumanMessage('Hi')], tools: TOOLS });
    for (let chunk = await attempt.next(); chunk; chunk = await attempt.next()) answer = mergeChunks(answer, chunk);
    return { ...answer, failure: undefined };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ...answer, usage: attempt.usage, failure: error.code, counts: error.counts };
  } finally {
    attempt.close();
    await Promise.all([models.close(), server.stop()]);
  }
}
