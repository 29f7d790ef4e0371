import { Settings, setting } from '@adiuva/platform';

export const PROVIDERS = ['openai', 'openrouter', 'anthropic', 'google', 'ollama', 'offline'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

const LLM = {
  LLM_PROVIDER: setting.choice(
    'Who answers chats; `auto` takes the first provider that has a key, else the built-in command reader `offline`',
    ['auto', 'disabled', ...PROVIDERS],
    'auto',
  ),
  OPENAI_API_KEY: setting.optionalSecret('Key of OpenAI or of a service that speaks its protocol'),
  OPENAI_BASE_URL: setting.optionalUrl(
    'Address of a service that speaks the OpenAI protocol; where not set, OpenAI itself',
  ),
  OPENAI_MODEL: setting.text('Model of the agents', 'gpt-4o'),
  OPENAI_ROUTER_MODEL: setting.text('Small model that reads the intent', 'gpt-4o-mini'),
  OPENROUTER_API_KEY: setting.optionalSecret('Key of OpenRouter'),
  OPENROUTER_BASE_URL: setting.text('Address of OpenRouter', 'https://openrouter.ai/api/v1'),
  OPENROUTER_MODEL: setting.text('Model of the agents', 'openai/gpt-4o'),
  OPENROUTER_ROUTER_MODEL: setting.text('Small model that reads the intent', 'openai/gpt-4o-mini'),
  ANTHROPIC_API_KEY: setting.optionalSecret('Key of Anthropic'),
  ANTHROPIC_BASE_URL: setting.optionalUrl('Address of the Anthropic API; where not set, its own'),
  ANTHROPIC_MODEL: setting.text('Model of the agents', 'claude-sonnet-4-5'),
  ANTHROPIC_ROUTER_MODEL: setting.text('Small model that reads the intent', 'claude-haiku-4-5'),
  GOOGLE_API_KEY: setting.optionalSecret('Key of the Gemini API'),
  GOOGLE_BASE_URL: setting.optionalUrl('Address of the Gemini API; where not set, its own'),
  GOOGLE_MODEL: setting.text('Model of the agents', 'gemini-2.5-pro'),
  GOOGLE_ROUTER_MODEL: setting.text('Small model that reads the intent', 'gemini-2.5-flash'),
  OLLAMA_BASE_URL: setting.optionalUrl('Address of an Ollama server, such as http://localhost:11434'),
  OLLAMA_MODEL: setting.text('Model of the agents', 'llama3.1'),
  OLLAMA_ROUTER_MODEL: setting.text('Small model that reads the intent', 'llama3.2'),
  LLM_CONNECT_TIMEOUT_MS: setting.integer(
    'Milliseconds until a provider must have answered with headers or be connecting',
    3_000,
    { min: 10 },
  ),
  LLM_FIRST_TOKEN_TIMEOUT_MS: setting.integer('Milliseconds until the first token', 15_000, { min: 10 }),
  LLM_TOKEN_GAP_TIMEOUT_MS: setting.integer('Milliseconds between two tokens', 10_000, { min: 10 }),
  LLM_TOTAL_TIMEOUT_MS: setting.integer('Milliseconds for a whole answer', 120_000, { min: 10 }),
};

export class LlmConfig extends Settings('Language models', LLM, (values) => {
  const needed = {
    auto: undefined,
    disabled: undefined,
    offline: undefined,
    openai: ['OPENAI_API_KEY', values.OPENAI_API_KEY],
    openrouter: ['OPENROUTER_API_KEY', values.OPENROUTER_API_KEY],
    anthropic: ['ANTHROPIC_API_KEY', values.ANTHROPIC_API_KEY],
    google: ['GOOGLE_API_KEY', values.GOOGLE_API_KEY],
    ollama: ['OLLAMA_BASE_URL', values.OLLAMA_BASE_URL],
  } as const satisfies Record<(typeof values)['LLM_PROVIDER'], readonly [string, string | undefined] | undefined>;
  const need = needed[values.LLM_PROVIDER];
  return need && need[1] === undefined ? [`${need[0]}: needed for LLM_PROVIDER=${values.LLM_PROVIDER}`] : [];
}) {
  /** The provider in force, undefined where it is disabled. */
  get provider(): ProviderName | undefined {
    if (this.LLM_PROVIDER === 'disabled') return undefined;
    if (this.LLM_PROVIDER !== 'auto') return this.LLM_PROVIDER;
    if (this.OPENAI_API_KEY !== undefined) return 'openai';
    if (this.OPENROUTER_API_KEY !== undefined) return 'openrouter';
    if (this.ANTHROPIC_API_KEY !== undefined) return 'anthropic';
    if (this.GOOGLE_API_KEY !== undefined) return 'google';
    return this.OLLAMA_BASE_URL === undefined ? 'offline' : 'ollama';
  }
}
