import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { BackupConfig } from '../backup.config';
import { UploadReservations } from '../uploads/upload-reservations.service';
import { BackupsStore } from '../backups/backups.store';

const BATCH_SIZE = 100;

/** A deleted backup is hidden, kept and counted for days, so that a stolen token or a ransomed client cannot destroy it. */
@Injectable()
export class BackupTrash {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly backups: BackupsStore,
    private readonly reservations: UploadReservations,
    private readonly config: BackupConfig,
  ) {}

  /** Hides a backup. @returns when it will be gone; repeated, the same time. @throws `upgrade_required`, `not_found` */
  async delete(owner: Principal, id: string): Promise<Date> {
    await this.quota.assertReadable(owner, 'backups');
    const purgeAt = await this.locked(owner, (tx) =>
      this.backups.hide(tx, owner.userId, [id], this.config.BACKUP_TRASH_DAYS),
    );
    if (!purgeAt) throw new Problem('not_found');
    return purgeAt;
  }

  /** Takes a backup out of the trash; one that is not there stays as it is. @throws `upgrade_required`, `not_found` */
  async restore(owner: Principal, id: string): Promise<void> {
    await this.quota.assertReadable(owner, 'backups');
    await this.locked(owner, async (tx) => {
      if (!(await this.backups.restore(tx, owner.userId, id))) throw new Problem('not_found');
    });
  }

  /** Whether there is such a backup, deleted or not; checked before the password, so that no attempt is counted for nothing. @throws `not_found`, `upgrade_required` */
  async assertExists(owner: Principal, id: string): Promise<void> {
    await this.quota.assertReadable(owner, 'backups');
    await this.backups.get(owner.userId, id);
  }

  /** Destroys a backup immediately. Only for callers who have proved the account's password again. @throws `not_found` */
  async purge(owner: Principal, id: string): Promise<void> {
    if (!(await this.destroy(owner.userId, id, false))) throw new Problem('not_found');
  }

  /** Destroys what has been in the trash long enough. */
  async purgeExpired(): Promise<void> {
    for (
      let batch = await this.backups.expired(BATCH_SIZE);
      batch.length > 0;
      batch = await this.backups.expired(BATCH_SIZE)
    ) {
      for (const { userId, id } of batch) await this.destroy(userId, id, true);
    }
  }

  private destroy(userId: string, id: string, expired: boolean): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await this.quota.lockInJob(tx, userId);
      const removed = await this.backups.remove(tx, userId, id, expired);
      if (!removed) return false;
      await this.quota.refund(tx, userId, 'backups', { bytes: removed.sizeBytes, count: 1 });
      await this.reservations.release(tx, userId, id);
      return true;
    });
  }

  /** Every change of the list is made under the lock of the user's usage row, so that changes have one order. */
  private locked<T>(owner: Principal, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      return work(tx);
    });
  }
}
