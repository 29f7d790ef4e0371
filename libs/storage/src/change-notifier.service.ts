import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { PubSub } from '@adiuva/platform';

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
 * changes within a moment become one.
 */
@Injectable()
export class ChangeNotifier implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Ring>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly pubSub: PubSub) {}

  notify(owner: Principal, table: string, position: number): void {
    const key = `${owner.userId}/${owner.sessionId}/${table}`;
    const known = this.waiting.get(key);
    if (!known || known.position < position) this.waiting.set(key, { owner, table, position });
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  beforeApplicationShutdown(): void {
    this.flush();
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const { owner, table, position } of this.waiting.values()) {
      const data = { user_id: owner.userId, session_id: owner.sessionId, table, cursor: String(position) };
      this.pubSub.publish(STORAGE_CHANGED, data);
    }
    this.waiting.clear();
  }
}
