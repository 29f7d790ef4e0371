import type { FactoryProvider } from '@nestjs/common';
import { AuditJobs } from '@adiuva/audit';
import { AuthJobs } from '@adiuva/auth';
import { AutomationsJobs } from '@adiuva/automations';
import { BackupJobs } from '@adiuva/backup';
import { BillingJobs } from '@adiuva/billing';
import { MailJobs } from '@adiuva/mail';
import { MarketplaceJobs } from '@adiuva/marketplace';
import { ChatJobs } from '@adiuva/chat';
import { ExportsJobs } from '@adiuva/exports';
import { GatewayJobs } from '@adiuva/gateway';
import { LlmJobs } from '@adiuva/llm';
import { NotificationsJobs } from '@adiuva/notifications';
import { PlatformJobs, type JobHandler } from '@adiuva/platform';
import { RunsJobs } from '@adiuva/runs';
import { StorageJobs } from '@adiuva/storage';
import { TeamsJobs } from '@adiuva/teams';
import { VectorJobs } from '@adiuva/vectors';
import { AccountErasure } from './account-erasure';

/** Every background job there is: what starts it and what it does. */
export class JobHandlers {
  constructor(readonly all: readonly JobHandler[]) {}
}

interface Owner {
  readonly handlers: readonly JobHandler[];
}

export const JOB_HANDLERS: FactoryProvider<JobHandlers> = {
  provide: JobHandlers,
  useFactory: (...owners: readonly Owner[]) => new JobHandlers(owners.flatMap(({ handlers }) => handlers)),
  inject: [
    AccountErasure,
    AuthJobs,
    AutomationsJobs,
    BillingJobs,
    StorageJobs,
    BackupJobs,
    VectorJobs,
    MarketplaceJobs,
    ChatJobs,
    LlmJobs,
    PlatformJobs,
    RunsJobs,
    MailJobs,
    NotificationsJobs,
    GatewayJobs,
    TeamsJobs,
    ExportsJobs,
    AuditJobs,
  ],
};
