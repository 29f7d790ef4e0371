import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { StorageModule } from '@adiuva/storage';
import { BillingJobs } from './billing.job';
import { EraseAccountJob } from './erase-account.job';
import { JobHandlers } from './job-handlers.service';

/** What carries jobs out; part of the worker, and of the API process where that runs jobs too. */
@Module({
  imports: [AuthModule, BillingModule, StorageModule],
  providers: [JobHandlers, EraseAccountJob, BillingJobs],
  exports: [JobHandlers],
})
export class JobsModule {}
