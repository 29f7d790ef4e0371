export const PROVIDERS = ['openai', 'openrouter', 'anthropic', 'google', 'ollama', 'offline'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** What a model is asked to do; each has its own models. */
export const ROLES = ['router', 'agent', 'synthesis', 'planner'] as const;
export type Role = (typeof ROLES)[number];

/** One place where a role's question can be answered. */
export interface ModelTier {
  readonly provider: ProviderName;
  readonly model: string;
}

const MOST_TIERS = 3;

/** Reads `provider` and `provider:model` words; a model's name may have colons too. Returns what is wrong as a sentence. */
export function chainFrom(
  words: readonly string[],
): readonly (Omit<ModelTier, 'model'> & { model?: string })[] | string {
  if (words.length > MOST_TIERS) return `at most ${MOST_TIERS} models`;
  const tiers: (Omit<ModelTier, 'model'> & { model?: string })[] = [];
  for (const word of words) {
    const [name = '', ...rest] = word.split(':');
    const provider = PROVIDERS.find((known) => known === name);
    if (!provider) return `a word does not begin with one of ${PROVIDERS.join(', ')}`;
    const model = rest.join(':');
    tiers.push({ provider, ...(model === '' ? {} : { model }) });
  }
  return tiers;
}
