import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, PubSub } from '@adiuva/platform';
import { hasEnded } from '../run-state';
import type { RunEvent, RunStatus } from '../run';

interface EventFields {
  readonly seq: number;
  readonly kind: RunEvent['kind'];
  readonly step_id: string | null;
  readonly detail: string | null;
  readonly at: Date;
}

const BATCH = 500;
/** A notification may be lost while the connection that listens is down. */
const POLL_MS = 15_000;
const READ = `SELECT e.seq, e.kind, s.id AS step_id, e.detail, e.at FROM run_events e JOIN runs r ON r.id = e.run_id
  LEFT JOIN run_steps s ON s.run_id = e.run_id AND s.node = e.node
  WHERE e.run_id = $1 AND r.user_id = $2 AND e.seq > $3 ORDER BY e.seq LIMIT $4`;
const HEAD = 'SELECT status, last_event FROM runs WHERE id = $1 AND user_id = $2';

/** What happens to runs, in order and without a hole, from any position, on any node. */
@Injectable()
export class RunEvents {
  private readonly waiters = new Map<string, Set<() => void>>();

  constructor(
    private readonly database: Database,
    pubSub: PubSub,
  ) {
    pubSub.subscribe('run.event', ({ run_id }) => this.wakeUp(String(run_id)));
    pubSub.onReconnect(() => {
      for (const runId of this.waiters.keys()) this.wakeUp(runId);
    });
  }

  /** Throws `not_found` for a run that is not the caller's. */
  async assertExists(owner: Principal, runId: string): Promise<void> {
    const rows = await this.database.query(HEAD, [runId, owner.userId]);
    if (rows.length === 0) throw new Problem('not_found');
  }

  /** Batches of the events after `seq`, an empty one now and then, until the run has ended, is deleted, or `signal` aborts. */
  async *follow(
    owner: Principal,
    runId: string,
    seq: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RunEvent[]> {
    let position = seq;
    while (!signal.aborted) {
      const changed = this.nextChange(runId, signal);
      try {
        const [head] = await this.database.query<{ status: RunStatus; last_event: number }>(HEAD, [
          runId,
          owner.userId,
        ]);
        if (!head) return;
        const rows = await this.database.query<EventFields>(READ, [runId, owner.userId, position, BATCH]);
        position = rows.at(-1)?.seq ?? position;
        yield rows.map(toEvent);
        if (position >= head.last_event) {
          if (hasEnded(head.status)) return;
          await changed.arrived;
        }
      } finally {
        changed.cancel();
      }
    }
  }

  /** Subscribed before the database is read, so that no event falls between. */
  private nextChange(runId: string, signal: AbortSignal): { arrived: Promise<void>; cancel: () => void } {
    let wake = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (wake = resolve));
    const poll = setTimeout(wake, POLL_MS).unref();
    const group = this.waiters.get(runId) ?? new Set();
    this.waiters.set(runId, group.add(wake));
    signal.addEventListener('abort', wake, { once: true });
    const cancel = (): void => {
      clearTimeout(poll);
      signal.removeEventListener('abort', wake);
      group.delete(wake);
      if (group.size === 0 && this.waiters.get(runId) === group) this.waiters.delete(runId);
    };
    return { arrived, cancel };
  }

  private wakeUp(runId: string): void {
    for (const wake of this.waiters.get(runId) ?? []) wake();
  }
}

function toEvent({ seq, kind, step_id, detail, at }: EventFields): RunEvent {
  return { seq, kind, stepId: step_id, detail, at };
}
