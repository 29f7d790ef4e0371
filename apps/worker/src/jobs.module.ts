import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BackupModule } from '@adiuva/backup';
import { BillingModule } from '@adiuva/billing';
import { StorageModule } from '@adiuva/storage';
import { VectorsModule } from '@adiuva/vectors';
import { MarketplaceModule } from '@adiuva/marketplace';
import { BillingJobs } from './billing.job';
import { EraseAccountJob } from './erase-account.job';
import { JobHandlers } from './job-handlers.service';
import { VectorJobs } from './vectors.job';

/** What carries jobs out; part of the worker, and of the API process where that runs jobs too. */
@Module({
  imports: [AuthModule, BackupModule, BillingModule, MarketplaceModule, StorageModule, VectorsModule],
  providers: [JobHandlers, EraseAccountJob, BillingJobs, VectorJobs],
  exports: [JobHandlers],
})
export class JobsModule {}
