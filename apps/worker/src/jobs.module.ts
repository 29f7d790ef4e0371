import { Module } from '@nestjs/common';
import { AutomationsModule } from '@adiuva/automations';
import { AuthModule } from '@adiuva/auth';
import { BackupModule } from '@adiuva/backup';
import { BillingModule } from '@adiuva/billing';
import { ContinuationsModule } from '@adiuva/chat';
import { ExportsModule } from '@adiuva/exports';
import { GatewayModule } from '@adiuva/gateway';
import { LlmModule } from '@adiuva/llm';
import { StorageModule } from '@adiuva/storage';
import { VectorsModule } from '@adiuva/vectors';
import { MarketplaceModule } from '@adiuva/marketplace';
import { MailModule } from '@adiuva/mail';
import { ProjectsModule } from '@adiuva/projects';
import { NotificationsModule } from '@adiuva/notifications';
import { ProvidersModule } from '@adiuva/providers';
import { TeamsModule } from '@adiuva/teams';
import { RunsModule } from '@adiuva/runs';
import { ERASURE_PROVIDERS } from './account-erasure';
import { EXPORT_PROVIDERS } from './account-export';
import { Background } from './background.service';
import { JOB_HANDLERS, JobHandlers } from './job-handlers.service';

/** What carries jobs out; part of the worker, and of the API process where that runs jobs too. */
@Module({
  imports: [
    AutomationsModule,
    AuthModule,
    BackupModule,
    BillingModule,
    ContinuationsModule,
    ExportsModule,
    GatewayModule,
    LlmModule,
    MailModule,
    MarketplaceModule,
    ProjectsModule,
    NotificationsModule,
    RunsModule,
    StorageModule,
    ProvidersModule,
    TeamsModule,
    VectorsModule,
  ],
  providers: [Background, JOB_HANDLERS, ...ERASURE_PROVIDERS, ...EXPORT_PROVIDERS],
  exports: [Background, JobHandlers],
})
export class JobsModule {}
