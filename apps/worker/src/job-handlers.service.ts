import type { FactoryProvider } from '@nestjs/common';
import { BackupJobs } from '@adiuva/backup';
import { BillingJobs } from '@adiuva/billing';
import { MarketplaceJobs } from '@adiuva/marketplace';
import type { JobHandler } from '@adiuva/platform';
import { RunsJobs } from '@adiuva/runs';
import { StorageJobs } from '@adiuva/storage';
import { VectorJobs } from '@adiuva/vectors';
import { AccountJobs } from './account.jobs';
import { ChatJobs } from './chat.jobs';
import { EraseAccountJob } from './erase-account.job';

/** Every background job there is: what starts it and what it does. */
export class JobHandlers {
  constructor(readonly all: readonly JobHandler[]) {}
}

interface Owner {
  readonly handlers: readonly JobHandler[];
}

export const JOB_HANDLERS: FactoryProvider<JobHandlers> = {
  provide: JobHandlers,
  useFactory: (erasure: EraseAccountJob, ...owners: readonly Owner[]) =>
    new JobHandlers([erasure.handler, ...owners.flatMap(({ handlers }) => handlers)]),
  inject: [
    EraseAccountJob,
    BillingJobs,
    StorageJobs,
    BackupJobs,
    VectorJobs,
    MarketplaceJobs,
    ChatJobs,
    AccountJobs,
    RunsJobs,
  ],
};
