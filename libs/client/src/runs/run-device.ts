import { ApiProblem } from '../api/problem';
import type { ChatSockets } from '../chat/chat-sockets';
import type { ChatTools } from '../chat/chat-tools';
import type { GoalKeys } from './goal-keys';
import type { RunsApi } from './runs-api';

export interface RunDeviceOptions {
  /** Read tools that runs may ask this device for. */
  readonly tools?: ChatTools;
  /** Lends the keys of goals that only devices can read. */
  readonly keys?: GoalKeys;
  /** A run has another status. */
  readonly onStatus?: (run: { readonly run_id: string; readonly status: string }) => void;
  /** A run has a result. */
  readonly onOutput?: (run: { readonly run_id: string }) => void;
  /** A key could not be lent; the run waits for the next device or connection. */
  readonly onError?: (error: unknown) => void;
}

const PAGE = 100;

/**
 * Makes this device serve the user's runs until the returned function is called: it answers their tool calls and lends the keys of goals
 * that are encrypted. After each connect it looks for runs that have waited meanwhile.
 */
export function serveRuns(sockets: ChatSockets, runs: RunsApi, options: RunDeviceOptions): () => void {
  const { keys, onStatus, onOutput, onError } = options;
  const lend = async (runId: string): Promise<void> => {
    if (!keys) return;
    try {
      const run = await runs.get(runId);
      if (run.custody !== 'device' || run.status !== 'waiting') return;
      await runs.lendKey(runId, keys.keyOfRun(await runs.steps(runId)));
    } catch (error) {
      // Another device has lent it, or the run is gone.
      if (!(error instanceof ApiProblem) || ![404, 409].includes(error.status)) onError?.(error);
    }
  };
  const lendAll = async (): Promise<void> => {
    if (!keys) return;
    try {
      for (const { id } of await runs.list({ status: 'waiting', limit: PAGE })) await lend(id);
    } catch (error) {
      onError?.(error);
    }
  };
  return sockets.onRuns(options.tools ?? {}, {
    connected: () => void lendAll(),
    status: (run) => {
      if (run.status === 'waiting') void lend(run.run_id);
      onStatus?.(run);
    },
    output: (run) => onOutput?.(run),
  });
}
