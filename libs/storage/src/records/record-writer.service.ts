import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { isRolledBack, MicroBatcher } from '@adiuva/platform';
import { ChangeNotifier } from '../change-notifier.service';
import type { SavedRecord } from './record';
import { RecordsStore, type OwnedWrite, type RecordWrite, type WrittenRecord } from './records.store';

const MAX_BATCH = 64;

/** Commits writes and notifies the user's other devices. Concurrent single writes, of any users, share a round trip and a commit. */
@Injectable()
export class RecordWriter {
  private readonly batcher = new MicroBatcher<OwnedWrite, WrittenRecord | Problem>(
    (writes) => this.writeTogether(writes),
    MAX_BATCH,
  );

  constructor(
    private readonly store: RecordsStore,
    private readonly notifier: ChangeNotifier,
  ) {}

  /** @throws `unauthenticated` (the account is erased), `quota_exceeded`, `conflict` (a living record has the id), `not_found`, `precondition_failed` */
  async write(owner: Principal, write: RecordWrite): Promise<SavedRecord> {
    const shared = await this.batcher.enqueue({ owner, write });
    const [outcome] = shared ? [this.notified(owner, shared)] : await this.writeAll(owner, [write]);
    if (!outcome || outcome instanceof Problem) throw outcome ?? new Problem('internal_error');
    return outcome;
  }

  /** In their order and in one transaction; each has its own outcome. @throws `unauthenticated` (the account is erased, and nothing was written) */
  async writeAll(owner: Principal, writes: readonly RecordWrite[]): Promise<readonly (SavedRecord | Problem)[]> {
    const owned = writes.map((write) => ({ owner, write }));
    const outcomes = (await this.store.write(owned, true)).map(orUnavailable);
    const erased = outcomes.find((outcome) => outcome instanceof Problem && outcome.code === 'unauthenticated');
    if (erased instanceof Problem) throw erased;
    return outcomes.map((outcome) => this.notified(owner, outcome));
  }

  /** Undefined for a write that must wait for another transaction; for all where PostgreSQL has refused the statement, so that one write's fault is not another's. */
  private async writeTogether(
    writes: readonly OwnedWrite[],
  ): Promise<readonly (WrittenRecord | Problem | undefined)[]> {
    try {
      const outcomes = await this.store.write(writes, false);
      return outcomes.map((outcome) => (outcome === 'busy' ? undefined : outcome));
    } catch (error) {
      if (isRolledBack(error)) return [];
      throw error;
    }
  }

  private notified(owner: Principal, outcome: WrittenRecord | Problem): SavedRecord | Problem {
    if (outcome instanceof Problem) return outcome;
    this.notifier.notify(owner, outcome.record.table, outcome.position);
    return outcome.record;
  }
}

/** A write that waits is never busy. */
function orUnavailable(outcome: WrittenRecord | Problem | 'busy'): WrittenRecord | Problem {
  return outcome === 'busy' ? new Problem('unavailable', { retryAfter: 1 }) : outcome;
}
