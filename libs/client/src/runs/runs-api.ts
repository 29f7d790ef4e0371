import type {
  ListRunsData,
  PendingActionsDto,
  RunDto,
  RunOutputDto,
  RunStateDto,
  StepDto,
} from '../generated/types.gen';
import { toBase64 } from '../crypto/bytes';
import type { Http } from '../api/http';
import { runEvents, type RunEvent } from './run-events';

export type RunQuery = NonNullable<ListRunsData['query']>;

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

  /** Lends the key of a goal that only devices can read. 409 `conflict` where the run does not wait for it. */
  lendKey(id: string, key: Uint8Array): Promise<RunStateDto> {
    return this.http.json('POST', `/runs/${encodeURIComponent(id)}/key`, { body: { key: toBase64(key) } });
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
  events(id: string, after = 0, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const source = {
      open: (headers: Readonly<Record<string, string>>, stop?: AbortSignal) =>
        this.http.send('GET', `/runs/${encodeURIComponent(id)}/events`, { headers, signal: stop }),
      read: () => this.get(id),
    };
    return runEvents(source, after, signal);
  }
}
