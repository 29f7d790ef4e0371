import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { LangchainSource } from './langchain-source.adapter';
import type { LlmConfig } from './llm.config';
import type { ModelSource } from './model-source.port';
import type { ModelTier, ProviderName } from './model-tier';
import { providerFetch } from './provider-fetch.adapter';
import { providerPost } from './provider-post.adapter';
import { Reachable } from './reachable.adapter';

const OPENAI = 'https://api.openai.com/v1';
const GOOGLE = 'https://generativelanguage.googleapis.com';

/**
 * The model of a tier. SDKs are loaded when first used: together they take a second. They retry nothing, that is our business, and print
 * nothing: what they print has the words of the user. A connection stands within `connectTimeoutMs`, or the question fails.
 */
export async function modelSource(tier: ModelTier, config: LlmConfig, connectTimeoutMs: number): Promise<ModelSource> {
  const { provider, model } = tier;
  if (provider === 'openai' || provider === 'openrouter') {
    return openAiSource(tier, config, connectTimeoutMs);
  }
  const chat = await chatModel(provider, model, config, providerFetch(connectTimeoutMs));
  const source = new LangchainSource(chat, provider === 'anthropic');
  if (provider !== 'google') return source;
  return new Reachable(source, new URL(config.GOOGLE_BASE_URL ?? GOOGLE), connectTimeoutMs);
}

async function chatModel(
  provider: Exclude<ProviderName, 'openai' | 'openrouter'>,
  model: string,
  config: LlmConfig,
  fetch: typeof globalThis.fetch,
): Promise<BaseChatModel> {
  const maxTokens = config.LLM_MAX_OUTPUT_TOKENS;
  switch (provider) {
    case 'offline': {
      const { OfflineChatModel } = await import('./offline/offline.adapter');
      return new OfflineChatModel({});
    }
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic');
      const address = config.ANTHROPIC_BASE_URL;
      return new ChatAnthropic({
        model,
        maxTokens,
        apiKey: config.ANTHROPIC_API_KEY ?? '',
        ...(address === undefined ? {} : { anthropicApiUrl: address }),
        maxRetries: 0,
        clientOptions: { fetch, maxRetries: 0, logLevel: 'off' },
      });
    }
    case 'google': {
      const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai');
      const address = config.GOOGLE_BASE_URL;
      return new ChatGoogleGenerativeAI({
        model,
        maxOutputTokens: maxTokens,
        apiKey: config.GOOGLE_API_KEY ?? '',
        ...(address === undefined ? {} : { baseUrl: address }),
        maxRetries: 0,
      });
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama');
      const baseUrl = config.OLLAMA_BASE_URL;
      return new ChatOllama({
        model,
        numPredict: maxTokens,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        maxRetries: 0,
        fetch,
      });
    }
  }
}

async function openAiSource(
  { provider, model }: ModelTier,
  config: LlmConfig,
  connectTimeoutMs: number,
): Promise<ModelSource> {
  const { OpenAiSource } = await import('./openai-source.adapter');
  const [apiKey = '', baseURL = OPENAI] =
    provider === 'openai'
      ? [config.OPENAI_API_KEY, config.OPENAI_BASE_URL]
      : [config.OPENROUTER_API_KEY, config.OPENROUTER_BASE_URL];
  const fields = {
    model,
    maxTokens: config.LLM_MAX_OUTPUT_TOKENS,
    apiKey,
    maxRetries: 0,
    streamUsage: true,
    configuration: { baseURL, maxRetries: 0, logLevel: 'off' as const, fetch: providerFetch(connectTimeoutMs) },
  };
  const address = `${baseURL.replace(/\/+$/, '')}/chat/completions`;
  return new OpenAiSource(fields, providerPost(address, apiKey, connectTimeoutMs));
}
