import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '@adiuva/kernel';
import { Accounts, type Origin } from '@adiuva/auth';
import { BackupTrash } from '@adiuva/backup';

/** Joins the trash with the account: only who shows the password again may destroy what the trash would keep. */
@Injectable()
export class BackupDeletion {
  constructor(
    private readonly trash: BackupTrash,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** @returns when the backup is gone. @throws `not_found`, `upgrade_required`, `invalid_credentials`, `rate_limited` */
  async delete(owner: Principal, id: string, password: string | undefined, origin: Origin): Promise<Date> {
    if (password === undefined) return this.trash.delete(owner, id);
    await this.trash.assertExists(owner, id);
    await this.accounts.confirmPassword(owner, password, origin);
    await this.trash.purge(owner, id);
    return this.clock.now();
  }
}
