import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { limitOf, quotaExceeded, upgradeRequired, type StoredKind } from './quota-limits';
import { READ_USAGE, RESERVE_BACKUP, SETTLE_BACKUP, chargeStatement } from './usage-statements';

/** A change of what a user stores; negative when it is given back. */
export interface Delta {
  readonly bytes: number;
  readonly count: number;
  /** Of several changes entered at once: how many items they make. Default: `count`, or 0 where it is negative. */
  readonly made?: number;
  /** Of several changes entered at once: how many positions they need. Default 1. */
  readonly changes?: number;
}

/** Where a change stands in the order of one user's changes. */
export interface LedgerEntry {
  /** Greater than that of every change of this user that committed before; numbers may be missing. Of several changes, the last one's. */
  readonly position: number;
  /** How many items of the kind the user has ever made, these included. */
  readonly made: number;
}

export interface Stored {
  readonly bytes: number;
  readonly count: number;
}

export interface Usage {
  readonly records: Stored;
  readonly vectors: Stored;
  readonly backups: Stored;
  /** For records and vectors together; null without a limit. */
  readonly limitBytes: number | null;
  /** For backups; null without a limit. */
  readonly backupLimitBytes: number | null;
}

/**
 * The one ledger of bytes. Everything that is stored is taken here in the transaction that stores it, so that the sums are exact and no
 * two writers, on one node or many, get the same room. An entry locks the user's row until the transaction ends: take it as late as
 * possible, never before a network call, and always before locks on other rows of the user, so that writers cannot wait for each other
 * in a circle. One writer enters by itself what it replaces, by the same rules: the database's function `replace_records`.
 */
@Injectable()
export class Quota {
  constructor(private readonly database: Database) {}

  /** Refuses a tier that has none of `kind`. Costs nothing; ask it before a body is read. @throws `upgrade_required` */
  assertIncluded(owner: Principal, kind: StoredKind): void {
    if (limitOf(owner.tier, kind) === 0) throw upgradeRequired(kind);
  }

  /** Like `admit`, but who has left a paid tier may still read, sync and delete what he has. @throws `upgrade_required` */
  async assertReadable(owner: Principal, kind: StoredKind): Promise<void> {
    if (limitOf(owner.tier, kind) !== 0) return;
    const usage = await this.usage(owner);
    if (usage[kind].count === 0) throw upgradeRequired(kind);
  }

  /** A look, without taking, whether `bytes` more would fit now; for refusing a long body early. @throws `upgrade_required`, `quota_exceeded` */
  async assertCapacity(owner: Principal, kind: StoredKind, bytes: number): Promise<void> {
    this.assertIncluded(owner, kind);
    const limit = limitOf(owner.tier, kind);
    if (limit === null) return;
    const used = await this.usedBytes(owner.userId, kind);
    if (used + bytes > limit) throw quotaExceeded(limit, used);
  }

  /** Enters a change. Shrinking is always possible, also above the limit. @throws `upgrade_required`, `quota_exceeded` */
  async charge(tx: Tx, owner: Principal, kind: StoredKind, delta: Delta): Promise<LedgerEntry> {
    const limit = limitOf(owner.tier, kind);
    if (limit === 0 && delta.bytes > 0) throw upgradeRequired(kind);
    const entry = await this.enter(tx, owner.userId, kind, delta, limit);
    if (!entry) throw quotaExceeded(limit ?? 0, await this.usedBytes(owner.userId, kind, tx));
    return entry;
  }

  /** Gives room back where nobody is calling: in jobs. */
  async refund(tx: Tx, userId: string, kind: StoredKind, stored: Stored): Promise<void> {
    await this.enter(tx, userId, kind, { bytes: -stored.bytes, count: -stored.count }, null);
  }

  /** Promises room to a backup that will arrive in parts. @throws `upgrade_required`, `quota_exceeded` */
  async reserve(tx: Tx, owner: Principal, bytes: number): Promise<void> {
    this.assertIncluded(owner, 'backups');
    const limit = limitOf(owner.tier, 'backups');
    const rows = await tx.query<unknown[]>(RESERVE_BACKUP, [owner.userId, bytes, limit]);
    if (rows.length === 0) throw quotaExceeded(limit ?? 0, await this.usedBytes(owner.userId, 'backups', tx));
  }

  /** Turns a reservation into a stored backup of `stored` bytes, at most as many as were reserved. */
  async commitReservation(tx: Tx, userId: string, reserved: number, stored: number): Promise<void> {
    if (stored > reserved) throw new RangeError('more is stored than was reserved');
    await tx.query(SETTLE_BACKUP, [userId, reserved, stored, 1]);
  }

  /** Gives a reservation up. */
  async release(tx: Tx, userId: string, reserved: number): Promise<void> {
    await tx.query(SETTLE_BACKUP, [userId, reserved, 0, 0]);
  }

  async usage(owner: Principal): Promise<Usage> {
    const row = await this.row(owner.userId);
    return {
      records: { bytes: Number(row?.records_bytes ?? 0), count: Number(row?.records_count ?? 0) },
      vectors: { bytes: Number(row?.vectors_bytes ?? 0), count: Number(row?.vectors_count ?? 0) },
      backups: { bytes: Number(row?.backups_bytes ?? 0), count: Number(row?.backups_count ?? 0) },
      limitBytes: limitOf(owner.tier, 'records'),
      backupLimitBytes: limitOf(owner.tier, 'backups'),
    };
  }

  /** Forgets the ledger of an erased user; the last step after everything that it counted. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM storage_usage WHERE user_id = $1', [userId]);
  }

  private async enter(
    tx: Tx,
    userId: string,
    kind: StoredKind,
    delta: Delta,
    limit: number | null,
  ): Promise<LedgerEntry | null> {
    const { bytes, count, made = Math.max(count, 0), changes = 1 } = delta;
    const parameters = [userId, bytes, count, limit, made, changes];
    const [row] = await tx.query<{ position: string; made: string }[]>(STATEMENTS[kind], parameters);
    return row ? { position: Number(row.position), made: Number(row.made) } : null;
  }

  private async usedBytes(userId: string, kind: StoredKind, tx?: Tx): Promise<number> {
    const row = await this.row(userId, tx);
    if (!row) return 0;
    return kind === 'backups'
      ? Number(row.backups_bytes) + Number(row.backups_reserved)
      : Number(row.records_bytes) + Number(row.vectors_bytes);
  }

  private async row(userId: string, tx?: Tx): Promise<UsageFields | undefined> {
    const rows = tx
      ? await tx.query<UsageFields[]>(READ_USAGE, [userId])
      : await this.database.query<UsageFields>(READ_USAGE, [userId]);
    return rows[0];
  }
}

type UsageFields = Readonly<Record<`${StoredKind}_${'bytes' | 'count'}` | 'backups_reserved', string>>;

const STATEMENTS: Readonly<Record<StoredKind, string>> = {
  records: chargeStatement('records'),
  vectors: chargeStatement('vectors'),
  backups: chargeStatement('backups'),
};
