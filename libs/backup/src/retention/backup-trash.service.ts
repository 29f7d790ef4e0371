import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { BackupConfig } from '../backup.config';
import { UploadReservations } from '../uploads/upload-reservations.service';
import { BackupsStore } from '../backups/backups.store';

const NOTHING = { bytes: 0, count: 0 };

/** Deleting hides; what is hidden is kept and counted for days, so that a thief or a ransomed client cannot destroy a backup. */
@Injectable()
export class BackupTrash {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly backups: BackupsStore,
    private readonly drafts: UploadReservations,
    private readonly config: BackupConfig,
  ) {}

  /** Hides a backup. @returns when it will be gone; asked again, the same time. @throws `upgrade_required`, `not_found` */
  async delete(owner: Principal, id: string): Promise<Date> {
    await this.quota.assertReadable(owner, 'backups');
    const purgeAt = await this.inLedger(owner.userId, (tx) =>
      this.backups.hide(tx, owner.userId, [id], this.config.BACKUP_TRASH_DAYS),
    );
    if (!purgeAt) throw new Problem('not_found');
    return purgeAt;
  }

  /** Takes a backup out of the trash; one that is not there stays as it is. @throws `upgrade_required`, `not_found` */
  async restore(owner: Principal, id: string): Promise<void> {
    await this.quota.assertReadable(owner, 'backups');
    await this.inLedger(owner.userId, async (tx) => {
      if (!(await this.backups.restore(tx, owner.userId, id))) throw new Problem('not_found');
    });
  }

  /** Whether there is such a backup, deleted or not; asked before the password is, so that no guess is counted for nothing. @throws `not_found`, `upgrade_required` */
  async assertExists(owner: Principal, id: string): Promise<void> {
    await this.quota.assertReadable(owner, 'backups');
    await this.backups.get(owner.userId, id);
  }

  /** Destroys a backup at once. Only for callers who have shown the account's password again. @throws `not_found` */
  async purge(owner: Principal, id: string): Promise<void> {
    if (!(await this.destroy(owner.userId, id, false))) throw new Problem('not_found');
  }

  /** Destroys what has been in the trash long enough. */
  async purgeExpired(): Promise<void> {
    for (let batch = await this.backups.expired(100); batch.length > 0; batch = await this.backups.expired(100)) {
      for (const { userId, id } of batch) await this.destroy(userId, id, true);
    }
  }

  private async destroy(userId: string, id: string, expired: boolean): Promise<boolean> {
    return this.inLedger(userId, async (tx) => {
      const removed = await this.backups.remove(tx, userId, id, expired);
      if (!removed) return false;
      await this.quota.refund(tx, userId, 'backups', { bytes: removed.sizeBytes, count: 1 });
      await this.drafts.release(tx, userId, id);
      return true;
    });
  }

  /** Every change of the list stands under the lock of the user's ledger, so that changes have one order. */
  private inLedger<T>(userId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await this.quota.refund(tx, userId, 'backups', NOTHING);
      return work(tx);
    });
  }
}
