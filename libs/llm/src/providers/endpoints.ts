import type { ChatModel } from '../streaming/chat-model.port';
import { baseUrlFault, endpointUrl } from './base-url';
import { HttpChatModel } from './http-chat-model.adapter';
import type { ModelTarget } from './provider-descriptor';
import type { WireProtocol } from './wire-protocol';

export interface CompletionsEndpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Where the API of an address without any path is. */
  readonly apiPath?: string;
  readonly streamOptions?: boolean;
  readonly callId?: (id: string) => string;
}

/** A model of a provider that speaks OpenAI's chat completions. */
export async function completionsModel(target: ModelTarget, endpoint: CompletionsEndpoint): Promise<ChatModel> {
  const { chatCompletions } = await import('./protocols/chat-completions.adapter');
  const url = endpointUrl(withVersion(endpoint.baseUrl, endpoint.apiPath), 'chat/completions');
  return httpModel(
    target,
    url,
    { authorization: `Bearer ${endpoint.apiKey}` },
    chatCompletions({ ...target, ...endpoint }),
  );
}

export function httpModel(
  { origin, http }: ModelTarget,
  url: string,
  headers: Readonly<Record<string, string>>,
  protocol: WireProtocol,
): ChatModel {
  return new HttpChatModel({ origin, url, headers, protocol }, http);
}

/** The faults of a base URL setting. */
export function urlFaults(name: string, url: string | undefined): readonly string[] {
  const fault = url === undefined ? undefined : baseUrlFault(url);
  return fault === undefined ? [] : [`${name}: ${fault}`];
}

/** An address without any path, or with its beginning only, is that of the server; the API is below its version. */
export function withVersion(baseUrl: string, apiPath = '/v1'): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  if (path === '' || apiPath.startsWith(`${path}/`)) url.pathname = apiPath;
  return url.href;
}
