import { ApiProblem } from '../api/problem';
import { afterPause } from '../api/timing';
import { ConnectionProblem } from '../client-error';

/** One server-sent event of a run; `id` counts from 1 without a hole. */
export interface RunEvent {
  readonly id: number;
  /** `run.status`, `step.started`, `step.completed`, `step.failed`, `progress` or `output`. */
  readonly type: string;
  readonly data: unknown;
}

const RECONNECT_MS = 1_000;
const MAX_RECONNECT_MS = 30_000;

/** Where the events of a run come from. */
export interface EventSource {
  open(headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Response>;
  read(): Promise<{ readonly status: string }>;
}

/** Every event once, from `after` on, until the run has ended. A lost connection is replaced; `signal` ends it. Throws `ApiProblem`. */
export async function* runEvents(source: EventSource, after: number, signal?: AbortSignal): AsyncGenerator<RunEvent> {
  let last = after;
  let pauseMs = RECONNECT_MS;
  for (;;) {
    try {
      for await (const event of connection(source, last, signal)) {
        last = event.id;
        pauseMs = RECONNECT_MS;
        yield event;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTemporary(error)) throw error;
      await afterPause(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, MAX_RECONNECT_MS);
    }
  }
}

/** Also what a proxy answers while its server starts again. */
function isTemporary(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status === 429 || error.status >= 500;
  return error instanceof ConnectionProblem;
}

/** Ends with the run; throws `ConnectionProblem` when the connection ends before it. */
async function* connection(source: EventSource, last: number, signal?: AbortSignal): AsyncGenerator<RunEvent> {
  const headers = { accept: 'text/event-stream', ...(last > 0 ? { 'last-event-id': String(last) } : {}) };
  const response = await source.open(headers, signal);
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
  const { status } = await source.read();
  if (!['completed', 'failed', 'cancelled'].includes(status)) throw lost(undefined);
}

function lost(cause: unknown): ConnectionProblem {
  return new ConnectionProblem('unreachable', 'The connection for the events of the run was lost', { cause });
}

/** Undefined for a comment that keeps the connection open. */
function parse(block: string): RunEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[a-z]*: ?/, '')]));
  const [id, type, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (id === undefined || type === undefined || data === undefined) return undefined;
  try {
    if (!/^\d+$/.test(id)) throw new RangeError('the id of an event is no number');
    return { id: Number(id), type, data: JSON.parse(data) };
  } catch (cause) {
    throw lost(cause);
  }
}
