import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BackupModule } from '@adiuva/backup';
import { BillingModule } from '@adiuva/billing';
import { ContinuationsModule } from '@adiuva/chat';
import { LlmModule } from '@adiuva/llm';
import { StorageModule } from '@adiuva/storage';
import { VectorsModule } from '@adiuva/vectors';
import { MarketplaceModule } from '@adiuva/marketplace';
import { AccountJobs } from './account.jobs';
import { ChatJobs } from './chat.jobs';
import { EraseAccountJob } from './erase-account.job';
import { JobHandlers } from './job-handlers.service';
import { RowErasure } from './row-erasure.service';
import { VectorJobs } from './vectors.jobs';

/** What carries jobs out; part of the worker, and of the API process where that runs jobs too. */
@Module({
  imports: [
    AuthModule,
    BackupModule,
    BillingModule,
    ContinuationsModule,
    LlmModule,
    MarketplaceModule,
    StorageModule,
    VectorsModule,
  ],
  providers: [JobHandlers, EraseAccountJob, AccountJobs, ChatJobs, RowErasure, VectorJobs],
  exports: [JobHandlers],
})
export class JobsModule {}
