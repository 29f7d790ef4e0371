import { ConnectionProblem } from '../client-error';

/** Throws the signal's reason when it ends the pause. */
export async function afterPause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
  signal?.throwIfAborted();
}

/** By name, because an error of another realm (a frame, a worker, a test) is no instance of ours. */
export function isNamed(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}

/** Of these no response has a body (Fetch, null body status); Chromium gives an empty one. */
const NULL_BODY: readonly number[] = [101, 103, 204, 205, 304];
const LOST = { unreachable: 'The server cannot be reached', closed: 'The connection was closed' } as const;

/** The time limit of one request, which runs until the headers and then between two pieces of the body. */
export class Deadline {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted) this.abort();
    else caller?.addEventListener('abort', this.abort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** `extraMs` for the time that sending a body may take. */
  async race(response: Promise<Response>, extraMs: number): Promise<Response> {
    this.start(this.ms + extraMs);
    try {
      return await response;
    } catch (error) {
      this.end();
      throw this.reasonOf(error, 'unreachable');
    } finally {
      clearTimeout(this.timer);
    }
  }

  /** The response with a body that fails when no piece comes in time. */
  guard(response: Response): Response {
    if (!response.body || NULL_BODY.includes(response.status)) {
      this.end();
      return response;
    }
    const reader = response.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        this.start(this.ms);
        try {
          const { done, value } = await reader.read();
          clearTimeout(this.timer);
          if (!done) return controller.enqueue(value);
          this.end();
          controller.close();
        } catch (error) {
          this.end();
          controller.error(this.reasonOf(error, 'closed'));
        }
      },
      cancel: (reason) => {
        this.end();
        return reader.cancel(reason);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  }

  private reasonOf(error: unknown, lost: 'unreachable' | 'closed'): unknown {
    if (this.caller?.aborted) return this.caller.reason;
    if (this.signal.aborted)
      return new ConnectionProblem('timeout', 'The server did not answer in time', { cause: error });
    return isNamed(error, 'TypeError') ? new ConnectionProblem(lost, LOST[lost], { cause: error }) : error;
  }

  private start(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.abort, ms);
  }

  private end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.abort);
  }

  private readonly abort = (): void => this.controller.abort();
}
