import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { accountErased, limitOf, quotaExceeded, upgradeRequired, type StoredKind } from './quota-limits';

/** A change of what a user stores; negative when something is removed. */
export interface Delta {
  readonly bytes: number;
  readonly count: number;
}

export interface Stored {
  readonly bytes: number;
  readonly count: number;
}

export interface Usage {
  readonly records: Stored;
  readonly vectors: Stored;
  readonly files: Stored;
  readonly backups: Stored;
  /** For records, vectors and files together; null without a limit. */
  readonly limitBytes: number | null;
  /** For backups; null without a limit. */
  readonly backupLimitBytes: number | null;
}

/**
 * The usage of each user. Everything that is stored is charged in the transaction that stores it, so that the sums are exact and concurrent
 * writers, on one node or several, cannot use the same capacity. A charge locks the user's usage row until the transaction ends: charge as
 * late as possible, never before a network call, and always before other rows of the user are locked, so that writers cannot deadlock. The
 * rule itself is the database's function `charge_usage`, which `write_record` calls too.
 */
@Injectable()
export class Quota {
  constructor(private readonly database: Database) {}

  /** Refuses a tier that has none of `kind`. No query; call it before a body is read. @throws `upgrade_required` */
  assertIncluded(owner: Principal, kind: StoredKind): void {
    if (limitOf(owner.tier, kind) === 0) throw upgradeRequired(kind);
  }

  /** Like `assertIncluded`, but a user who has left a paid tier may still read, sync and delete what is stored. @throws `upgrade_required` */
  async assertReadable(owner: Principal, kind: StoredKind): Promise<void> {
    if (limitOf(owner.tier, kind) !== 0) return;
    const usage = await this.usage(owner);
    if (usage[kind].count === 0) throw upgradeRequired(kind);
  }

  /** Whether `bytes` more would fit now, without a charge; for refusing a long body early. @throws `upgrade_required`, `quota_exceeded` */
  async assertCapacity(owner: Principal, kind: StoredKind, bytes: number): Promise<void> {
    this.assertIncluded(owner, kind);
    const limit = limitOf(owner.tier, kind);
    if (limit === null) return;
    const used = await this.usedBytes(owner.userId, kind);
    if (used + bytes > limit) throw quotaExceeded(limit, used);
  }

  /** Locks the user's usage row, for statements whose result must stay true until the commit. @throws `unauthenticated` (the account is erased) */
  async lock(tx: Tx, { userId }: Pick<Principal, 'userId'>): Promise<void> {
    const [row] = await tx.query<{ live: boolean }[]>('SELECT (lock_usage($1, true)).user_id IS NOT NULL AS live', [
      userId,
    ]);
    if (row?.live !== true) throw accountErased();
  }

  /** Like `lock`, in jobs, which also run for accounts that are being erased. */
  async lockInJob(tx: Tx, userId: string): Promise<void> {
    await tx.query('SELECT FROM lock_usage($1, false)', [userId]);
  }

  /**
   * Charges a change; gives its position, which is greater than that of every change of the user that was committed before. Shrinking is
   * always possible, also above the limit. @throws `unauthenticated` (the account is erased), `upgrade_required`, `quota_exceeded`
   */
  async charge(tx: Tx, owner: Principal, kind: StoredKind, delta: Delta): Promise<number> {
    const limit = limitOf(owner.tier, kind);
    if (limit === 0 && delta.bytes > 0) throw upgradeRequired(kind);
    return this.enter(tx, { userId: owner.userId, live: true, kind, limit, ...delta });
  }

  /** Refunds what a job has removed. */
  async refund(tx: Tx, userId: string, kind: StoredKind, { bytes, count }: Stored): Promise<void> {
    await this.enter(tx, { userId, live: false, kind, limit: null, bytes: -bytes, count: -count });
  }

  /** Reserves bytes for a backup that arrives in parts. @throws `unauthenticated` (the account is erased), `upgrade_required`, `quota_exceeded` */
  async reserve(tx: Tx, owner: Principal, bytes: number): Promise<void> {
    this.assertIncluded(owner, 'backups');
    const limit = limitOf(owner.tier, 'backups');
    await this.enter(tx, { userId: owner.userId, live: true, kind: 'reserved', limit, bytes, count: 0 });
  }

  /** Stored backups, those in the trash included. Constant until the commit where `tx` has charged or locked. */
  async backupCount(tx: Tx, userId: string): Promise<number> {
    const [row] = await tx.query<{ count: string }[]>(
      'SELECT backups_count AS count FROM storage_usage WHERE user_id = $1',
      [userId],
    );
    return Number(row?.count ?? 0);
  }

  /** Turns a reservation into a stored backup of `stored` bytes, at most as many as were reserved. @throws `unauthenticated` */
  async commitReservation(tx: Tx, userId: string, reserved: number, stored: number): Promise<void> {
    if (stored > reserved) throw new RangeError('more is stored than was reserved');
    await this.enter(tx, { userId, live: true, kind: 'backups', limit: null, bytes: stored, count: 1 });
    await this.release(tx, userId, reserved);
  }

  /** Releases a reservation. */
  async release(tx: Tx, userId: string, reserved: number): Promise<void> {
    await this.enter(tx, { userId, live: false, kind: 'reserved', limit: null, bytes: -reserved, count: 0 });
  }

  async usage(owner: Principal): Promise<Usage> {
    const row = await this.row(owner.userId);
    return {
      records: { bytes: Number(row?.records_bytes ?? 0), count: Number(row?.records_count ?? 0) },
      vectors: { bytes: Number(row?.vectors_bytes ?? 0), count: Number(row?.vectors_count ?? 0) },
      files: { bytes: Number(row?.files_bytes ?? 0), count: Number(row?.files_count ?? 0) },
      backups: { bytes: Number(row?.backups_bytes ?? 0), count: Number(row?.backups_count ?? 0) },
      limitBytes: limitOf(owner.tier, 'records'),
      backupLimitBytes: limitOf(owner.tier, 'backups'),
    };
  }

  /** Deletes the usage row of an erased user; the last step after everything that it counted. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM storage_usage WHERE user_id = $1', [userId]);
  }

  private async enter(tx: Tx, { userId, live, kind, limit, bytes, count }: Entry): Promise<number> {
    const parameters = [userId, live, kind, limit, bytes, count, Math.max(count, 0)];
    const [row] = await tx.query<Charged[]>(CHARGE, parameters);
    if (row?.outcome === 'erased') throw accountErased();
    if (row?.outcome === 'exceeded') throw quotaExceeded(limit ?? 0, Number(row.used_bytes));
    return Number(row?.last_position ?? 0);
  }

  private async usedBytes(userId: string, kind: StoredKind): Promise<number> {
    const row = await this.row(userId);
    if (!row) return 0;
    return kind === 'backups'
      ? Number(row.backups_bytes) + Number(row.backups_reserved)
      : Number(row.records_bytes) + Number(row.vectors_bytes) + Number(row.files_bytes);
  }

  private async row(userId: string): Promise<UsageFields | undefined> {
    return (await this.database.query<UsageFields>(READ_USAGE, [userId]))[0];
  }
}

const READ_USAGE = `
  SELECT records_bytes, records_count, vectors_bytes, vectors_count, files_bytes, files_count, backups_bytes, backups_count, backups_reserved
  FROM storage_usage WHERE user_id = $1`;

const CHARGE = `SELECT outcome, last_position, used_bytes FROM charge_usage($1, $2, $3, $4, $5, $6, $7)`;

interface Entry extends Delta {
  readonly userId: string;
  /** Whether the account must not be erased. */
  readonly live: boolean;
  readonly kind: StoredKind | 'reserved';
  readonly limit: number | null;
}

interface Charged {
  readonly outcome: 'ok' | 'exceeded' | 'erased';
  readonly last_position: string | null;
  readonly used_bytes: string;
}

type UsageFields = Readonly<Record<`${StoredKind}_${'bytes' | 'count'}` | 'backups_reserved', string>>;
