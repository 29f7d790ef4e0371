import { Settings, setting } from '@adiuva/config';
import { holderOf, perSeat, TIERS, TOKENS_PER_MONTH, type Principal } from '@adiuva/kernel';
import { fallbackChain, type ModelRef, type ModelRole } from './model-ref';
import { providerOf, PROVIDER_NAMES, PROVIDER_SETTINGS, PROVIDERS } from './providers/providers';
import type { ProviderDescriptor, Values } from './providers/provider-descriptor';

const CHAIN = 'up to three of `provider` or `provider:model`, tried in this order; empty for LLM_PROVIDER';

const COMMON = {
  LLM_PROVIDER: setting.choice(
    'Who answers chats; `auto` takes the first provider that has a key, else the built-in command reader `offline`',
    ['auto', 'disabled', ...PROVIDER_NAMES],
    'auto',
  ),
  LLM_ROUTER: setting.list(`Models that read the intent: ${CHAIN}`, ''),
  LLM_AGENT: setting.list(`Models of the agents: ${CHAIN}`, ''),
  LLM_SYNTHESIS: setting.list(`Models that join what several agents found: ${CHAIN}`, ''),
  LLM_PLANNER: setting.list(`Models that make plans: ${CHAIN}`, ''),
  LLM_RESEARCH: setting.list(`Models that write the requirements of code projects: ${CHAIN}`, ''),
  LLM_WIREFRAME: setting.list(`Models that outline code projects: ${CHAIN}`, ''),
  LLM_CODE: setting.list(`Models that write code: ${CHAIN}`, ''),
  LLM_QA: setting.list(`Models that review code: ${CHAIN}`, ''),
  LLM_PEDAGOGY: setting.list(`Models that ask a learner about code: ${CHAIN}`, ''),
  LLM_CONNECT_TIMEOUT_MS: setting.integer(
    'Milliseconds within which a connection to a provider must be established',
    3_000,
    {
      min: 10,
    },
  ),
  LLM_FIRST_TOKEN_TIMEOUT_MS: setting.integer('Milliseconds until the first token', 15_000, { min: 10 }),
  LLM_TOKEN_GAP_TIMEOUT_MS: setting.integer('Milliseconds between two tokens', 10_000, { min: 10 }),
  LLM_TOTAL_TIMEOUT_MS: setting.integer('Milliseconds for a whole answer', 120_000, { min: 10 }),
  LLM_PROBE_AFTER_MS: setting.integer('Milliseconds until a provider that failed too often is tried again', 10_000, {
    min: 10,
  }),
  LLM_MAX_OUTPUT_TOKENS: setting.integer('Maximum of tokens of one answer of a model', 4_096, {
    min: 16,
    max: 1_000_000,
  }),
  ...setting.each('LLM_MONTHLY_TOKENS', TIERS, (tier) =>
    setting.integer(`Tokens a month ${holderOf(tier)}, in and out`, TOKENS_PER_MONTH[tier]),
  ),
  ALLOW_PRIVATE_PROVIDERS: setting.flag(
    'Whether the `base_url` of a provider of a user may have a private address and http: for installations in one network',
    false,
  ),
  AI_IMAGE_ENABLED: setting.flag('Whether POST /ai/images makes images; it needs OPENAI_API_KEY', false),
  AI_IMAGE_MODEL: setting.text('Model that makes images', 'gpt-image-1'),
  AI_AUDIO_ENABLED: setting.flag(
    'Whether POST /ai/speech and POST /ai/transcriptions speak and transcribe; they need OPENAI_API_KEY',
    false,
  ),
  AI_SPEECH_MODEL: setting.text('Model that speaks', 'gpt-4o-mini-tts'),
  AI_TRANSCRIPTION_MODEL: setting.text('Model that transcribes', 'gpt-4o-mini-transcribe'),
};

const LLM: typeof COMMON = { ...COMMON, ...PROVIDER_SETTINGS };

const CHAINS = {
  router: 'LLM_ROUTER',
  agent: 'LLM_AGENT',
  synthesis: 'LLM_SYNTHESIS',
  planner: 'LLM_PLANNER',
  research: 'LLM_RESEARCH',
  wireframe: 'LLM_WIREFRAME',
  code: 'LLM_CODE',
  qa: 'LLM_QA',
  pedagogy: 'LLM_PEDAGOGY',
} as const satisfies Record<ModelRole, keyof typeof COMMON>;

export class LlmConfig extends Settings('Language models', LLM, (values) => {
  const main = providerOf(values.LLM_PROVIDER);
  const chains = Object.values(CHAINS).map((name) => ({ name, chain: fallbackChain(values[name]) }));
  return [
    ...(main ? faultsOf(main, values, `LLM_PROVIDER=${main.name}`) : []),
    ...chains.flatMap(({ name, chain }) =>
      typeof chain === 'string'
        ? [`${name}: ${chain}`]
        : chain.flatMap(({ provider }) => faultsOf(providerOf(provider), values, name)),
    ),
    ...(values.LLM_PROVIDER === 'auto' ? faultsOf(configured(values), values, 'LLM_PROVIDER=auto') : []),
  ];
}) {
  /** The provider of the roles that have no chain of their own; undefined where chats are disabled. */
  get provider(): string | undefined {
    if (this.LLM_PROVIDER === 'disabled') return undefined;
    return (this.LLM_PROVIDER === 'auto' ? configured(this.values) : providerOf(this.LLM_PROVIDER))?.name;
  }

  /** As the provider descriptors read them. */
  get values(): Values {
    return Object.fromEntries(Object.entries(this));
  }

  /** The models of a role, best first; empty where chats are disabled. */
  chain(role: ModelRole): readonly ModelRef[] {
    const { provider } = this;
    if (provider === undefined) return [];
    const named = fallbackChain(this[CHAINS[role]]);
    const refs = typeof named === 'string' || named.length === 0 ? [{ provider }] : named;
    return refs.map((ref) => ({ provider: ref.provider, model: ref.model ?? this.modelOf(ref.provider, role) }));
  }

  /** Tokens a month that the caller's tier includes. */
  monthlyTokens(caller: Pick<Principal, 'tier' | 'seats'>): number {
    return perSeat(this[setting.nameOf('LLM_MONTHLY_TOKENS', caller.tier)], caller);
  }

  private modelOf(name: string, role: ModelRole): string {
    const models = providerOf(name)?.models(this.values);
    return (role === 'router' ? models?.small : models?.large) ?? name;
  }
}

function configured(values: Values): ProviderDescriptor | undefined {
  const usable = PROVIDERS.filter(({ required }) => required.every((name) => values[name] !== undefined));
  return usable.find(({ isFree }) => isFree !== true) ?? usable[0];
}

function faultsOf(provider: ProviderDescriptor | undefined, values: Values, by: string): readonly string[] {
  if (!provider) return [];
  const missing = provider.required.filter((name) => values[name] === undefined);
  if (missing.length > 0) return missing.map((name) => `${name}: needed for ${by}`);
  return provider.faults?.(values) ?? [];
}
