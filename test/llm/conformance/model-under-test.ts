import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'supertest';
import { eventually, TestApp, type TestUser } from '../../support/app';
import { FakeModelServer, type ModelRequest, type ModelResponse } from '../../support/fakes/models/fake-model-server';
import type { FakeAnswer } from '../../support/fakes/models/protocol';
import type { TestedProvider } from './providers';

export const TIMEOUT_MS = 1_000;

/** The real server with two models of one provider: `one` is the one under test, `two` answers "I am two.". */
export class ModelUnderTest {
  private constructor(
    readonly provider: TestedProvider,
    readonly server: FakeModelServer,
    readonly app: TestApp,
    readonly user: TestUser,
  ) {}

  static async start(provider: TestedProvider, settings: Record<string, string> = {}): Promise<ModelUnderTest> {
    const server = await FakeModelServer.start();
    const app = await TestApp.start({
      LLM_PROVIDER: provider.name,
      ...provider.settings,
      [provider.baseSetting]: server.origin + provider.base,
      LLM_AGENT: `${provider.name}:one,${provider.name}:two`,
      LLM_FIRST_TOKEN_TIMEOUT_MS: String(TIMEOUT_MS),
      LLM_TOKEN_GAP_TIMEOUT_MS: String(TIMEOUT_MS),
      LLM_PROBE_AFTER_MS: '10',
      LLM_MONTHLY_TOKENS_POWER: '1000000000000',
      ...settings,
    });
    return new ModelUnderTest(provider, server, app, await app.user('power'));
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.server.stop();
  }

  /** The models called since the last `script`, in order. */
  get called(): readonly string[] {
    return this.server.requests.map(({ model }) => model);
  }

  /** What `one` does in its first round; everything else is answered as usual. */
  script(first: ModelResponse | ((request: ModelRequest) => ModelResponse), later?: FakeAnswer): void {
    let rounds = 0;
    this.server.answer((request) => {
      if (request.model !== 'one') return this.whole({ text: ['I am ', 'two.'] });
      rounds += 1;
      if (rounds > 1) return this.whole(later ?? { text: ['Done', '.'] });
      return typeof first === 'function' ? first(request) : first;
    });
  }

  /** Calls that went well, so that what a breaker counted of earlier cases does not matter. */
  async settle(): Promise<void> {
    this.script(this.whole({ text: ['Fine.'] }));
    await eventually(async () => (await this.ask()).status === 200);
    await this.ask().expect(200);
  }

  ask(): Test {
    return this.app.call('post', '/chat', this.user).send({ message: 'Please', agents: ['task_agent'] });
  }

  frames(answer: FakeAnswer): readonly string[] {
    const { body, end } = this.provider.protocol.frames(answer);
    return [...body, ...end];
  }

  /** The parts of an answer without its end marker. */
  cut(answer: FakeAnswer): readonly string[] {
    return this.provider.protocol.frames(answer).body;
  }

  whole(answer: FakeAnswer, rest: Partial<Extract<ModelResponse, { parts: unknown }>> = {}): ModelResponse {
    return this.stream(this.frames(answer), rest);
  }

  stream(
    parts: readonly (string | Buffer)[],
    rest: Partial<Extract<ModelResponse, { parts: unknown }>> = {},
  ): Extract<ModelResponse, { parts: unknown }> {
    return { type: this.provider.protocol.contentType, parts, ...rest };
  }

  /** The exact bytes of an answer that was recorded. */
  recorded(name: string): ModelResponse {
    return { raw: readFileSync(join(__dirname, '../cases', this.provider.cases, `${name}.http`)) };
  }
}
