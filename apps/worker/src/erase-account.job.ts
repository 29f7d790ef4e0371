import { Injectable } from '@nestjs/common';
import { ERASE_ACCOUNT } from '@adiuva/auth';
import { BackupErasure } from '@adiuva/backup';
import { BillingErasure } from '@adiuva/billing';
import { jobHandler, Idempotency, type JobHandler } from '@adiuva/platform';
import { StorageErasure } from '@adiuva/storage';
import { VectorErasure } from '@adiuva/vectors';
import { RowErasure } from './row-erasure.service';

/** Erases what every module holds of a user, the account's own rows last. Each step may run again. */
@Injectable()
export class EraseAccountJob {
  readonly handler: JobHandler;

  constructor(
    private readonly billing: BillingErasure,
    private readonly idempotency: Idempotency,
    private readonly backups: BackupErasure,
    private readonly storage: StorageErasure,
    private readonly vectors: VectorErasure,
    private readonly rows: RowErasure,
  ) {
    this.handler = jobHandler(ERASE_ACCOUNT, ({ userId }, signal) => this.erase(userId, signal));
  }

  private async erase(userId: string, signal: AbortSignal): Promise<void> {
    await this.billing.eraseAtStripe(userId);
    await this.vectors.erase(userId, signal);
    await this.backups.erase(userId);
    await this.storage.erase(userId, signal);
    await this.idempotency.erase(userId);
    await this.rows.erase(userId);
  }
}
