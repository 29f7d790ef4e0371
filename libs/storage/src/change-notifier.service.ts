import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { PubSub } from '@adiuva/platform';

/** A user's records have changed: `user_id`, `session_id` of the device that changed them, `table`, `cursor`. */
export const STORAGE_CHANGED = 'storage.changed';

interface Notification {
  readonly owner: Principal;
  readonly table: string;
  readonly position: number;
}

const COALESCE_MS = 25;

/**
 * Notifies the user's other devices, on every node, that there is something to fetch. A hint: it may be lost, and several changes within
 * 25 ms become one.
 */
@Injectable()
export class ChangeNotifier implements BeforeApplicationShutdown {
  private readonly pending = new Map<string, Notification>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly pubSub: PubSub) {}

  notify(owner: Principal, table: string, position: number): void {
    const key = `${owner.userId}/${owner.sessionId}/${table}`;
    const known = this.pending.get(key);
    if (!known || known.position < position) this.pending.set(key, { owner, table, position });
    this.timer ??= setTimeout(() => this.flush(), COALESCE_MS);
  }

  beforeApplicationShutdown(): void {
    this.flush();
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const { owner, table, position } of this.pending.values()) {
      const data = { user_id: owner.userId, session_id: owner.sessionId, table, cursor: String(position) };
      this.pubSub.publish(STORAGE_CHANGED, data);
    }
    this.pending.clear();
  }
}
