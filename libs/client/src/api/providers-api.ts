import type { ProviderDto, PutProviderData, PutProviderDto } from '../generated/types.gen';
import type { Http } from './http';

/** Providers of language models that the user pays for. Agents answer by them, in chats and runs of the user. */
export class ProvidersApi {
  constructor(private readonly http: Http) {}

  /** Without the keys, which are never shown again. */
  list(): Promise<ProviderDto[]> {
    return this.http.json('GET', '/providers');
  }

  /** `name`: `openai`, `openrouter`, `anthropic`, `google`, `mistral` or `deepseek`. Throws `ApiProblem` 402 beyond the plan, 400 for an address that is not public. */
  set(name: PutProviderData['path']['name'], provider: PutProviderDto): Promise<ProviderDto> {
    return this.http.json('PUT', `/providers/${encodeURIComponent(name)}`, { body: provider });
  }

  async delete(name: string): Promise<void> {
    await this.http.json('DELETE', `/providers/${encodeURIComponent(name)}`);
  }
}
