import { Injectable } from '@nestjs/common';
import { BackupJobs } from '@adiuva/backup';
import { BillingJobs } from '@adiuva/billing';
import { MarketplaceJobs } from '@adiuva/marketplace';
import type { JobHandler } from '@adiuva/platform';
import { StorageJobs } from '@adiuva/storage';
import { AccountJobs } from './account.jobs';
import { ChatJobs } from './chat.jobs';
import { EraseAccountJob } from './erase-account.job';
import { VectorJobs } from './vectors.jobs';

/** Every background job there is: what starts it and what it does. */
@Injectable()
export class JobHandlers {
  readonly all: readonly JobHandler[];

  constructor(
    erasure: EraseAccountJob,
    billing: BillingJobs,
    storage: StorageJobs,
    backups: BackupJobs,
    vectors: VectorJobs,
    marketplace: MarketplaceJobs,
    chats: ChatJobs,
    accounts: AccountJobs,
  ) {
    this.all = [
      erasure.handler,
      ...billing.handlers,
      ...storage.handlers,
      ...backups.handlers,
      ...vectors.handlers,
      ...marketplace.handlers,
      ...chats.handlers,
      ...accounts.handlers,
    ];
  }
}
