import { Injectable } from '@nestjs/common';
import { Sessions } from '@adiuva/auth';
import { BackupJobs } from '@adiuva/backup';
import { MarketplaceJobs } from '@adiuva/marketplace';
import { handles, Idempotency, jobKind, type JobHandler } from '@adiuva/platform';
import { StorageJobs } from '@adiuva/storage';
import { z } from 'zod';
import { BillingJobs } from './billing.job';
import { EraseAccountJob } from './erase-account.job';
import { VectorJobs } from './vectors.job';

const NOTHING = z.unknown();

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
    sessions: Sessions,
    idempotency: Idempotency,
  ) {
    this.all = [
      erasure.handler,
      ...billing.handlers,
      ...storage.handlers,
      ...backups.handlers,
      ...vectors.handlers,
      ...marketplace.handlers,
      handles(jobKind('sweep_sessions', NOTHING), () => sessions.sweep(), '17 3 * * *'),
      handles(jobKind('sweep_idempotency_keys', NOTHING), () => idempotency.sweep(), '23 * * * *'),
    ];
  }
}
