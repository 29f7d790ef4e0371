import type {
  ListRunsData,
  PendingActionsDto,
  RunDto,
  RunOutputDto,
  RunStateDto,
  StepDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';
import { ConnectionProblem } from '../client-error';

export type RunQuery = NonNullable<ListRunsData['query']>;

/** One server-sent event of a run; `id` counts from 1 without a hole. */
export interface RunEvent {
  readonly id: number;
  /** `run.status`, `step.started`, `step.completed`, `step.failed`, `progress` or `output`. */
  readonly type: string;
  readonly data: unknown;
}

const RECONNECT_MS = 1_000;

/** Durable runs: work that continues while the app is closed. */
export class RunsApi {
  constructor(private readonly http: Http) {}

  list(query: RunQuery = {}): Promise<RunDto[]> {
    return this.http.json('GET', '/runs', { query });
  }

  get(id: string): Promise<RunDto> {
    return this.http.json('GET', `/runs/${encodeURIComponent(id)}`);
  }

  steps(id: string): Promise<StepDto[]> {
    return this.http.json('GET', `/runs/${encodeURIComponent(id)}/steps`);
  }

  /** Plain, or sealed to the devices that were registered as the run ended. */
  output(id: string): Promise<RunOutputDto> {
    return this.http.json('GET', `/runs/${encodeURIComponent(id)}/output`);
  }

  /** Says that the app has carried out actions of the result. */
  acknowledge(id: string, actionIds: readonly string[]): Promise<PendingActionsDto> {
    return this.http.json('POST', `/runs/${encodeURIComponent(id)}/actions/ack`, {
      body: { action_ids: actionIds },
      idempotencyKey: crypto.randomUUID(),
    });
  }

  cancel(id: string): Promise<RunStateDto> {
    return this.http.json('POST', `/runs/${encodeURIComponent(id)}/cancel`);
  }

  /** Continues at the step that failed, or with the answer that the run waits for. */
  resume(id: string, answer?: unknown): Promise<RunStateDto> {
    return this.http.json('POST', `/runs/${encodeURIComponent(id)}/resume`, {
      body: answer === undefined ? {} : { answer },
    });
  }

  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/runs/${encodeURIComponent(id)}`);
  }

  /** Every event once, from `after` on, until the run has ended. A lost connection is replaced; `signal` ends it. Throws `ApiProblem`. */
  async *events(id: string, after = 0, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    let last = after;
    for (;;) {
      try {
        for await (const event of this.connection(id, last, signal)) {
          last = event.id;
          yield event;
        }
        return;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof ConnectionProblem)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }

  /** Ends with the run; throws `ConnectionProblem` when the connection ends before it. */
  private async *connection(id: string, last: number, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const response = await this.http.send('GET', `/runs/${encodeURIComponent(id)}/events`, {
      headers: { accept: 'text/event-stream', ...(last > 0 ? { 'last-event-id': String(last) } : {}) },
      signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    try {
      for (;;) {
        const piece = await reader?.read().catch((error: unknown) => Promise.reject(lost(error)));
        if (!piece || piece.done) break;
        buffer += piece.value;
        const blocks = buffer.split('\n\n');
        buffer = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = parse(block);
          if (event) yield event;
        }
      }
    } finally {
      await reader?.cancel().catch(() => undefined);
    }
    const { status } = await this.get(id);
    if (!['completed', 'failed', 'cancelled'].includes(status)) throw lost(undefined);
  }
}

function lost(cause: unknown): ConnectionProblem {
  return new ConnectionProblem('unreachable', 'The connection for the events of the run was lost', { cause });
}

/** Undefined for a comment that keeps the connection open. */
function parse(block: string): RunEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[a-z]*: ?/, '')]));
  const [id, type, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (id === undefined || type === undefined || data === undefined) return undefined;
  return { id: Number(id), type, data: JSON.parse(data) };
}
