import { Settings, setting } from '@adiuva/config';
import type { Principal } from '@adiuva/kernel';
import { chainFrom, PROVIDERS, type ModelTier, type ProviderName, type Role } from './model-tier';

const CHAIN = 'up to three of `provider` or `provider:model`, tried in this order; empty for LLM_PROVIDER';

const LLM = {
  LLM_PROVIDER: setting.choice(
    'Who answers chats; `auto` takes the first provider that has a key, else the built-in command reader `offline`',
    ['auto', 'disabled', ...PROVIDERS],
    'auto',
  ),
  LLM_ROUTER: setting.list(`Models that read the intent: ${CHAIN}`, ''),
  LLM_AGENT: setting.list(`Models of the agents: ${CHAIN}`, ''),
  LLM_SYNTHESIS: setting.list(`Models that join what several agents found: ${CHAIN}`, ''),
  LLM_PLANNER: setting.list(`Models that make plans: ${CHAIN}`, ''),
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
  LLM_CONNECT_TIMEOUT_MS: setting.integer('Milliseconds until a connection to a provider must stand', 3_000, {
    min: 10,
  }),
  LLM_FIRST_TOKEN_TIMEOUT_MS: setting.integer('Milliseconds until the first token', 15_000, { min: 10 }),
  LLM_TOKEN_GAP_TIMEOUT_MS: setting.integer('Milliseconds between two tokens', 10_000, { min: 10 }),
  LLM_TOTAL_TIMEOUT_MS: setting.integer('Milliseconds for a whole answer', 120_000, { min: 10 }),
  LLM_PROBE_AFTER_MS: setting.integer('Milliseconds until a provider that failed too often is tried again', 10_000, {
    min: 10,
  }),
  LLM_MAX_OUTPUT_TOKENS: setting.integer('Most tokens of one answer of a model', 4_096, { min: 16, max: 1_000_000 }),
  LLM_MONTHLY_TOKENS_FREE: setting.integer('Tokens a month of a free user, in and out', 1_000_000),
  LLM_MONTHLY_TOKENS_PRO: setting.integer('Tokens a month of a pro user', 20_000_000),
  LLM_MONTHLY_TOKENS_POWER: setting.integer('Tokens a month of a power user', 60_000_000),
  LLM_MONTHLY_TOKENS_TEAM: setting.integer('Tokens a month for each seat of a team', 100_000_000),
};

/** The settings that a provider needs. */
const KEYS = {
  openai: 'OPENAI_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_API_KEY',
  ollama: 'OLLAMA_BASE_URL',
  offline: undefined,
} as const satisfies Record<ProviderName, keyof typeof LLM | undefined>;

const CHAINS = {
  router: 'LLM_ROUTER',
  agent: 'LLM_AGENT',
  synthesis: 'LLM_SYNTHESIS',
  planner: 'LLM_PLANNER',
} as const satisfies Record<Role, keyof typeof LLM>;

export class LlmConfig extends Settings('Language models', LLM, (values) => {
  const wanted: string = values.LLM_PROVIDER;
  const main = PROVIDERS.find((provider) => provider === wanted);
  const faults: string[] = [];
  const need = (provider: ProviderName, by: string): void => {
    const key = KEYS[provider];
    if (key !== undefined && values[key] === undefined) faults.push(`${key}: needed for ${by}`);
  };
  if (main) need(main, `LLM_PROVIDER=${main}`);
  for (const name of Object.values(CHAINS)) {
    const chain = chainFrom(values[name]);
    if (typeof chain === 'string') faults.push(`${name}: ${chain}`);
    else for (const { provider } of chain) need(provider, name);
  }
  return faults;
}) {
  /** The provider of the roles that have no chain of their own; undefined where chats are disabled. */
  get provider(): ProviderName | undefined {
    if (this.LLM_PROVIDER === 'disabled') return undefined;
    if (this.LLM_PROVIDER !== 'auto') return this.LLM_PROVIDER;
    return PROVIDERS.find((provider) => provider !== 'offline' && this[KEYS[provider]] !== undefined) ?? 'offline';
  }

  /** The tiers of a role, best first; empty where chats are disabled. */
  chain(role: Role): readonly ModelTier[] {
    const { provider } = this;
    if (provider === undefined) return [];
    const named = chainFrom(this[CHAINS[role]]);
    const tiers = typeof named === 'string' || named.length === 0 ? [{ provider }] : named;
    return tiers.map((tier) => ({ provider: tier.provider, model: tier.model ?? this.modelOf(tier.provider, role) }));
  }

  /** Tokens a month that the caller's tier includes. */
  monthlyTokens({ tier, seats }: Pick<Principal, 'tier' | 'seats'>): number {
    const limits = {
      free: this.LLM_MONTHLY_TOKENS_FREE,
      pro: this.LLM_MONTHLY_TOKENS_PRO,
      power: this.LLM_MONTHLY_TOKENS_POWER,
      team: this.LLM_MONTHLY_TOKENS_TEAM * Math.max(1, seats),
    };
    return limits[tier];
  }

  private modelOf(provider: ProviderName, role: Role): string {
    const small = role === 'router';
    switch (provider) {
      case 'openai':
        return small ? this.OPENAI_ROUTER_MODEL : this.OPENAI_MODEL;
      case 'openrouter':
        return small ? this.OPENROUTER_ROUTER_MODEL : this.OPENROUTER_MODEL;
      case 'anthropic':
        return small ? this.ANTHROPIC_ROUTER_MODEL : this.ANTHROPIC_MODEL;
      case 'google':
        return small ? this.GOOGLE_ROUTER_MODEL : this.GOOGLE_MODEL;
      case 'ollama':
        return small ? this.OLLAMA_ROUTER_MODEL : this.OLLAMA_MODEL;
      case 'offline':
        return 'offline';
    }
  }
}
