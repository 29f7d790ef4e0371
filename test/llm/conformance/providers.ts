import { anthropic } from '../../support/fakes/models/anthropic';
import { chatCompletions } from '../../support/fakes/models/chat-completions';
import { gemini } from '../../support/fakes/models/gemini';
import { ollama } from '../../support/fakes/models/ollama';
import type { FakeProtocol } from '../../support/fakes/models/protocol';

export interface TestedProvider {
  readonly name: string;
  readonly protocol: FakeProtocol;
  /** The folder of recorded answers. */
  readonly cases: 'openai' | 'anthropic' | 'google' | 'ollama';
  /** The base URL as it is documented, below the server's origin. */
  readonly base: string;
  readonly baseSetting: string;
  readonly key: string;
  readonly settings: Readonly<Record<string, string>>;
}

const completions = (
  name: string,
  prefix: string,
  rest: Partial<TestedProvider> & { settings?: Readonly<Record<string, string>> } = {},
): TestedProvider => ({
  name,
  protocol: chatCompletions,
  cases: 'openai',
  base: '/v1',
  baseSetting: `${prefix}_BASE_URL`,
  key: 'authorization',
  settings: { [`${prefix}_API_KEY`]: 'key' },
  ...rest,
});

/** Every provider; a new one is a line here. */
export const TESTED: readonly TestedProvider[] = [
  completions('openai', 'OPENAI'),
  completions('openrouter', 'OPENROUTER', { base: '/api/v1' }),
  completions('mistral', 'MISTRAL'),
  completions('deepseek', 'DEEPSEEK'),
  completions('cloudflare', 'CLOUDFLARE', {
    base: '/client/v4/accounts/a/ai/v1',
    settings: { CLOUDFLARE_ACCOUNT_ID: 'a', CLOUDFLARE_API_TOKEN: 'key' },
  }),
  completions('serverless_gpu', 'SERVERLESS_GPU', {
    baseSetting: 'SERVERLESS_GPU_ENDPOINT',
    settings: { SERVERLESS_GPU_API_KEY: 'key', SERVERLESS_GPU_MODEL: 'm' },
  }),
  {
    name: 'anthropic',
    protocol: anthropic,
    cases: 'anthropic',
    base: '',
    baseSetting: 'ANTHROPIC_BASE_URL',
    key: 'x-api-key',
    settings: { ANTHROPIC_API_KEY: 'key' },
  },
  {
    name: 'google',
    protocol: gemini,
    cases: 'google',
    base: '',
    baseSetting: 'GOOGLE_BASE_URL',
    key: 'x-goog-api-key',
    settings: { GOOGLE_API_KEY: 'key' },
  },
  {
    name: 'ollama',
    protocol: ollama,
    cases: 'ollama',
    base: '',
    baseSetting: 'OLLAMA_BASE_URL',
    key: 'host',
    settings: {},
  },
];
