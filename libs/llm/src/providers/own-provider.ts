import type { Values } from './provider-descriptor';
import { providerOf, PROVIDERS } from './providers';

/** A provider that a user pays for. */
export interface OwnProvider {
  readonly name: string;
  readonly apiKey: string;
  /** Where not given, the provider's own address. */
  readonly baseUrl?: string | undefined;
  /** Where not given, the default of the provider. */
  readonly model?: string | undefined;
}

/** The providers for which users may bring keys. */
export const OWN_PROVIDER_NAMES: readonly string[] = PROVIDERS.filter(({ own }) => own).map(({ name }) => name);

/** What the descriptor reads: its presets and what the user gave, nothing of the operator's settings. */
export function settingsOf({ name, apiKey, baseUrl }: OwnProvider): Values {
  const descriptor = providerOf(name);
  const presets = Object.entries(descriptor?.settings ?? {}).flatMap(([key, { preset }]) =>
    preset === undefined ? [] : [[key, preset] as const],
  );
  const own = descriptor?.own;
  if (!own) return {};
  const given = baseUrl === undefined ? {} : { [own.baseUrl]: baseUrl };
  return { ...Object.fromEntries(presets), [own.apiKey]: apiKey, ...given };
}
