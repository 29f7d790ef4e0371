import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { LangchainSource } from './langchain-source.adapter';
import type { LlmConfig } from './llm.config';
import type { ModelSource } from './model-source.port';
import type { ModelTier, ProviderName } from './model-tier';
import { providerFetch } from './provider-fetch.adapter';

/**
 * The model of a tier. SDKs are loaded when first used: together they take a second. They retry nothing, that is our business, and print
 * nothing: what they print has the words of the user.
 */
export async function modelSource(tier: ModelTier, config: LlmConfig): Promise<ModelSource> {
  const { provider, model } = tier;
  if (provider === 'openai') return openAiSource(model, config.OPENAI_API_KEY, config.OPENAI_BASE_URL, config);
  if (provider === 'openrouter')
    return openAiSource(model, config.OPENROUTER_API_KEY, config.OPENROUTER_BASE_URL, config);
  return new LangchainSource(await chatModel(provider, model, config));
}

async function chatModel(
  provider: Exclude<ProviderName, 'openai' | 'openrouter'>,
  model: string,
  config: LlmConfig,
): Promise<BaseChatModel> {
  const fetch = providerFetch(config.LLM_CONNECT_TIMEOUT_MS);
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
  model: string,
  apiKey: string | undefined,
  baseURL: string | undefined,
  config: LlmConfig,
): Promise<ModelSource> {
  const { OpenAiSource } = await import('./openai-source.adapter');
  const fetch = providerFetch(config.LLM_CONNECT_TIMEOUT_MS, 'node');
  return new OpenAiSource({
    model,
    maxTokens: config.LLM_MAX_OUTPUT_TOKENS,
    apiKey: apiKey ?? '',
    maxRetries: 0,
    streamUsage: true,
    configuration: { ...(baseURL === undefined ? {} : { baseURL }), maxRetries: 0, logLevel: 'off', fetch },
  });
}
