import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Installation } from '@adiuva/auth';
import type { Principal } from '@adiuva/kernel';
import { Database, PubSub } from '@adiuva/platform';
import { cursorEpoch, formatCursor } from '@adiuva/quota';

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

  constructor(
    private readonly pubSub: PubSub,
    private readonly installation: Installation,
    private readonly database: Database,
  ) {}

  notify(owner: Principal, table: string, position: number): void {
    this.database.afterCommit(() => this.schedule(owner, table, position));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private schedule(owner: Principal, table: string, position: number): void {
    const key = `${owner.userId}/${owner.sessionId}/${table}`;
    const known = this.pending.get(key);
    if (!known || known.position < position) this.pending.set(key, { owner, table, position });
    this.timer ??= setTimeout(() => void this.flush(), COALESCE_MS);
  }

  private async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const notifications = [...this.pending.values()];
    this.pending.clear();
    if (notifications.length === 0) return;
    // A hint that cannot be given while the database is away is lost.
    const epoch = await this.installation.epoch().catch(() => null);
    if (epoch === null) return;
    for (const { owner, table, position } of notifications) {
      const cursor = formatCursor({ position, id: '', floor: null, epoch: cursorEpoch(epoch) });
      this.pubSub.publish(STORAGE_CHANGED, { user_id: owner.userId, session_id: owner.sessionId, table, cursor });
    }
  }
}
