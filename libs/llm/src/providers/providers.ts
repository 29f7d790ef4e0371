import type { setting } from '@adiuva/config';
import { anthropic } from './anthropic';
import { cloudflare } from './cloudflare';
import { deepseek } from './deepseek';
import { google } from './google';
import { mistral } from './mistral';
import { offline } from './offline';
import { ollama } from './ollama';
import { openai } from './openai';
import { openrouter } from './openrouter';
import type { ProviderDescriptor } from './provider-descriptor';
import { serverlessGpu } from './serverless-gpu';

/** In the order in which LLM_PROVIDER=auto takes the first that has its settings; `offline` needs none. */
export const PROVIDERS: readonly ProviderDescriptor[] = [
  openai,
  openrouter,
  anthropic,
  google,
  ollama,
  mistral,
  deepseek,
  cloudflare,
  serverlessGpu,
  offline,
];

/** The words that name a provider in settings. */
export const PROVIDER_NAMES: readonly string[] = PROVIDERS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);

/** The settings of all providers, for the one settings class. */
export const PROVIDER_SETTINGS: setting.Shape = Object.assign(
  {},
  ...PROVIDERS.map(({ settings }) => settings),
) as setting.Shape;

export function providerOf(name: string): ProviderDescriptor | undefined {
  return PROVIDERS.find((provider) => provider.name === name || provider.aliases?.includes(name) === true);
}
