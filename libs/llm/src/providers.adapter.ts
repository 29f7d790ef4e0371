import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { requestContext } from '@adiuva/platform';
import type { LlmConfig, ProviderName } from './llm.config';
import { OfflineChatModel } from './offline/offline.adapter';

/** What a model is asked to do; each has its own model. */
export type Role = 'router' | 'agent';

/** The model that a provider has for a role. SDKs are loaded when first used: together they take a second. */
export async function chatModel(provider: ProviderName, role: Role, config: LlmConfig): Promise<BaseChatModel> {
  const small = role === 'router';
  switch (provider) {
    case 'offline':
      return new OfflineChatModel({});
    case 'openai':
      return openAiProtocol(
        small ? config.OPENAI_ROUTER_MODEL : config.OPENAI_MODEL,
        config.OPENAI_API_KEY,
        config.OPENAI_BASE_URL,
      );
    case 'openrouter':
      return openAiProtocol(
        small ? config.OPENROUTER_ROUTER_MODEL : config.OPENROUTER_MODEL,
        config.OPENROUTER_API_KEY,
        config.OPENROUTER_BASE_URL,
      );
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic');
      return new ChatAnthropic({
        model: small ? config.ANTHROPIC_ROUTER_MODEL : config.ANTHROPIC_MODEL,
        apiKey: config.ANTHROPIC_API_KEY ?? '',
        ...(config.ANTHROPIC_BASE_URL === undefined ? {} : { anthropicApiUrl: config.ANTHROPIC_BASE_URL }),
        maxRetries: 0,
        clientOptions: { fetch: tracedFetch },
      });
    }
    case 'google': {
      const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai');
      return new ChatGoogleGenerativeAI({
        model: small ? config.GOOGLE_ROUTER_MODEL : config.GOOGLE_MODEL,
        apiKey: config.GOOGLE_API_KEY ?? '',
        ...(config.GOOGLE_BASE_URL === undefined ? {} : { baseUrl: config.GOOGLE_BASE_URL }),
        maxRetries: 0,
      });
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama');
      return new ChatOllama({
        model: small ? config.OLLAMA_ROUTER_MODEL : config.OLLAMA_MODEL,
        ...(config.OLLAMA_BASE_URL === undefined ? {} : { baseUrl: config.OLLAMA_BASE_URL }),
        maxRetries: 0,
        fetch: tracedFetch,
      });
    }
  }
}

async function openAiProtocol(
  model: string,
  apiKey: string | undefined,
  baseURL: string | undefined,
): Promise<BaseChatModel> {
  const { ChatOpenAI } = await import('@langchain/openai');
  return new ChatOpenAI({
    model,
    apiKey: apiKey ?? '',
    maxRetries: 0,
    streamUsage: true,
    configuration: { ...(baseURL === undefined ? {} : { baseURL }), maxRetries: 0, fetch: tracedFetch },
  });
}

/** Sends our request id along, so that a provider's log can be joined with ours. */
function tracedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const requestId = requestContext.getStore()?.requestId;
  if (requestId === undefined) return fetch(input, init);
  const headers = new Headers(init?.headers);
  headers.set('x-request-id', requestId);
  return fetch(input, { ...init, headers });
}
