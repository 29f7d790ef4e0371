import type {
  ChangeDagDto,
  CreateDagDto,
  DagDto,
  DagExecutionDto,
  DagPlaybookDto,
  ExecuteDagDto,
  ListDagExecutionsData,
  ListDagsData,
  ResumeDagDto,
  StartedExecutionDto,
  SubStepDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';
import { runEvents, type RunEvent } from './run-events';

export type DagQuery = NonNullable<ListDagsData['query']>;
export type DagExecutionQuery = NonNullable<ListDagExecutionsData['query']>;

/** Graphs of agents and tools, and their executions. An execution is a run: cancel it and read its result by `runs`. */
export class DagsApi {
  constructor(private readonly http: Http) {}

  /** From nodes, a text or a playbook. 422 `invalid_dag` names the nodes that are at fault. */
  create(dag: CreateDagDto): Promise<DagDto> {
    return this.http.json('POST', '/create-dag', { body: dag, idempotencyKey: crypto.randomUUID() });
  }

  playbooks(): Promise<DagPlaybookDto[]> {
    return this.http.json('GET', '/playbooks');
  }

  list(query: DagQuery = {}): Promise<DagDto[]> {
    return this.http.json('GET', '/dags', { query });
  }

  get(id: string): Promise<DagDto> {
    return this.http.json('GET', `/dags/${encodeURIComponent(id)}`);
  }

  /** A change of nodes or parameters makes a new version. */
  change(id: string, changes: ChangeDagDto): Promise<DagDto> {
    return this.http.json('PATCH', `/dags/${encodeURIComponent(id)}`, { body: changes });
  }

  /** 409 while it has executions. */
  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/dags/${encodeURIComponent(id)}`);
  }

  execute(request: ExecuteDagDto): Promise<StartedExecutionDto> {
    return this.http.json('POST', '/execute-dag', { body: request, idempotencyKey: crypto.randomUUID() });
  }

  /** Continues at what failed or with an answer; `from_node` makes a new execution that takes over the other results. */
  resume(executionId: string, options: ResumeDagDto = {}): Promise<StartedExecutionDto> {
    return this.http.json('POST', `/resume-dag/${encodeURIComponent(executionId)}`, { body: options });
  }

  executions(query: DagExecutionQuery = {}): Promise<DagExecutionDto[]> {
    return this.http.json('GET', '/dag-executions', { query });
  }

  execution(id: string): Promise<DagExecutionDto> {
    return this.http.json('GET', `/dag-executions/${encodeURIComponent(id)}`);
  }

  subSteps(id: string): Promise<SubStepDto[]> {
    return this.http.json('GET', `/dag-executions/${encodeURIComponent(id)}/sub-steps`);
  }

  async deleteExecution(id: string): Promise<void> {
    await this.http.json('DELETE', `/dag-executions/${encodeURIComponent(id)}`);
  }

  /** Every event once, from `after` on, until the execution has ended; those of steps have `node`. */
  events(id: string, after = 0, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const source = {
      open: (headers: Readonly<Record<string, string>>, stop?: AbortSignal) =>
        this.http.send('GET', `/dag-executions/${encodeURIComponent(id)}/events`, { headers, signal: stop }),
      read: () => this.execution(id),
    };
    return runEvents(source, after, signal);
  }
}
