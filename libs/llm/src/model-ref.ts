import { providerOf, PROVIDER_NAMES } from './providers/providers';

/** What a model is asked to do; each role has its own models. */
export const ROLES = [
  'router',
  'agent',
  'synthesis',
  'planner',
  'research',
  'wireframe',
  'code',
  'qa',
  'pedagogy',
] as const;
export type ModelRole = (typeof ROLES)[number];

/** One model of a provider that may serve a role. */
export interface ModelRef {
  readonly provider: string;
  readonly model: string;
}

const MAX_TIERS = 3;

/** Reads `provider` and `provider:model` words; a model's name may have colons too. Returns what is wrong as a sentence. */
export function fallbackChain(
  words: readonly string[],
): readonly { readonly provider: string; readonly model?: string }[] | string {
  if (words.length > MAX_TIERS) return `at most ${MAX_TIERS} models`;
  const refs: { readonly provider: string; readonly model?: string }[] = [];
  for (const word of words) {
    const [name = '', ...rest] = word.split(':');
    const provider = providerOf(name);
    if (!provider) return `a word does not begin with one of ${PROVIDER_NAMES.join(', ')}`;
    const model = rest.join(':');
    refs.push({ provider: provider.name, ...(model === '' ? {} : { model }) });
  }
  return refs;
}
