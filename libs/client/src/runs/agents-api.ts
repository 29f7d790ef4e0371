import type {
  ChangeAgentDto,
  ChangeMemoryDto,
  CustomAgentDto,
  ListMemoriesData,
  MemoryDto,
  NewAgentDto,
  NewMemoryDto,
  ToolDto,
  ReportDto,
  ReportRequestDto,
} from '../generated/types.gen';
import { ifMatch, type Http } from '../api/http';

export type MemoryQuery = NonNullable<ListMemoriesData['query']>;

/** Agents that the user makes. Chat, goals and DAGs use them by name; `chat.agents()` lists them with the built-in ones. */
export class AgentsApi {
  constructor(private readonly http: Http) {}

  create(agent: NewAgentDto): Promise<CustomAgentDto> {
    return this.http.json('POST', '/agents', { body: agent, idempotencyKey: crypto.randomUUID() });
  }

  get(id: string): Promise<CustomAgentDto> {
    return this.http.json('GET', `/agents/${encodeURIComponent(id)}`);
  }

  /** With `version` only while the agent has it: 412 otherwise. */
  change(id: string, changes: ChangeAgentDto, version?: number): Promise<CustomAgentDto> {
    return this.http.json('PATCH', `/agents/${encodeURIComponent(id)}`, { body: changes, headers: ifMatch(version) });
  }

  /** The week, the workload or the trends, computed without a model; the same input gives the same bytes. */
  report(request: ReportRequestDto): Promise<ReportDto> {
    return this.http.json('POST', '/reports', { body: request });
  }

  /** 409 `conflict` while an active goal uses it. */
  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/agents/${encodeURIComponent(id)}`);
  }

  tools(): Promise<ToolDto[]> {
    return this.http.json('GET', '/tools');
  }

  tool(name: string): Promise<ToolDto> {
    return this.http.json('GET', `/tools/${encodeURIComponent(name)}`);
  }
}

/** What agents with memory know of the user. */
export class MemoriesApi {
  constructor(private readonly http: Http) {}

  create(memory: NewMemoryDto): Promise<MemoryDto> {
    return this.http.json('POST', '/memories', { body: memory, idempotencyKey: crypto.randomUUID() });
  }

  list(query: MemoryQuery = {}): Promise<MemoryDto[]> {
    return this.http.json('GET', '/memories', { query });
  }

  get(id: string): Promise<MemoryDto> {
    return this.http.json('GET', `/memories/${encodeURIComponent(id)}`);
  }

  /** With `version` only while the memory has it: 412 otherwise. */
  change(id: string, changes: ChangeMemoryDto, version?: number): Promise<MemoryDto> {
    return this.http.json('PATCH', `/memories/${encodeURIComponent(id)}`, { body: changes, headers: ifMatch(version) });
  }

  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/memories/${encodeURIComponent(id)}`);
  }
}
