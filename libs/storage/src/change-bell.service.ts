import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database, Log, Signals } from '@adiuva/platform';

/** The news that a user's records have changed: `user_id`, `session_id` of the device that did it, `table`, `cursor`. */
export const STORAGE_CHANGED = 'storage.changed';

interface Ring {
  readonly owner: Principal;
  readonly table: string;
  readonly position: number;
}

const GATHER_MS = 25;

/**
 * Tells the user's other devices, on every node, that there is something to fetch. A hint, not a record: it may be lost, and several
 * changes within a moment become one. It is rung after the commit and in bundles, because a notification inside each writer's
 * transaction would make all commits of the database wait for each other.
 */
@Injectable()
export class ChangeBell implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Ring>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly log: Log,
  ) {}

  ring(owner: Principal, table: string, position: number): void {
    const key = `${owner.userId}/${owner.sessionId}/${table}`;
    const known = this.waiting.get(key);
    if (!known || known.position < position) this.waiting.set(key, { owner, table, position });
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const rings = [...this.waiting.values()];
    this.waiting.clear();
    if (rings.length === 0) return;
    try {
      await this.database.transaction(async (tx) => {
        // Nothing is written that must outlive a crash, so nobody waits for the disk.
        await tx.query('SET LOCAL synchronous_commit = off');
        for (const { owner, table, position } of rings) {
          const data = { user_id: owner.userId, session_id: owner.sessionId, table, cursor: String(position) };
          await this.signals.emit(tx, STORAGE_CHANGED, data);
        }
      });
    } catch (error) {
      this.log.debug('storage_changed_lost', { count: rings.length, error });
    }
  }
}
