import { Module, type DynamicModule } from '@nestjs/common';
import type { Environment } from '@adiuva/config';
import { PlatformModule, type PlatformParts } from '@adiuva/platform';
import { PromptsModule } from '@adiuva/prompts';
import { ENTITIES } from '../../../ormconfig';
import { JobsModule } from '../../worker/src/jobs.module';
import { AdministrationRoutesModule } from './administration/administration-routes.module';
import { AgentsRoutesModule } from './agents/agents-routes.module';
import { AiRoutesModule } from './ai/ai-routes.module';
import { AutomationsRoutesModule } from './automations/automations-routes.module';
import { AuthRoutesModule } from './auth/auth-routes.module';
import { BackupRoutesModule } from './backup/backup-routes.module';
import { BillingRoutesModule } from './billing/billing-routes.module';
import { ChatRoutesModule } from './chat/chat-routes.module';
import { EdgeModule } from './edge/edge.module';
import { ExportsRoutesModule } from './exports/exports-routes.module';
import { GatewayRoutesModule } from './gateway/gateway-routes.module';
import { HealthRoutesModule } from './health/health-routes.module';
import { MailRoutesModule } from './mail/mail-routes.module';
import { NotificationsRoutesModule } from './notifications/notifications-routes.module';
import { OrchestratorRoutesModule } from './orchestrator/orchestrator-routes.module';
import { ProjectsRoutesModule } from './projects/projects-routes.module';
import { ReportsRoutesModule } from './reports/reports-routes.module';
import { RunsRoutesModule } from './runs/runs-routes.module';
import { StorageRoutesModule } from './storage/storage-routes.module';
import { ProvidersRoutesModule } from './providers/providers-routes.module';
import { TeamsRoutesModule } from './teams/teams-routes.module';
import { TelemetryRoutesModule } from './telemetry/telemetry-routes.module';
import { VectorsRoutesModule } from './vectors/vectors-routes.module';
import { MarketplaceRoutesModule } from './marketplace/marketplace-routes.module';

const ROUTES = [
  HealthRoutesModule,
  AuthRoutesModule,
  ChatRoutesModule,
  AiRoutesModule,
  AgentsRoutesModule,
  OrchestratorRoutesModule,
  BillingRoutesModule,
  StorageRoutesModule,
  VectorsRoutesModule,
  MarketplaceRoutesModule,
  BackupRoutesModule,
  RunsRoutesModule,
  AutomationsRoutesModule,
  MailRoutesModule,
  ProvidersRoutesModule,
  TeamsRoutesModule,
  ProjectsRoutesModule,
  NotificationsRoutesModule,
  GatewayRoutesModule,
  ReportsRoutesModule,
  TelemetryRoutesModule,
  ExportsRoutesModule,
  AdministrationRoutesModule,
];

/** The whole public server. */
@Module({})
export class ApiModule {
  static with(environment: Environment, parts: PlatformParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [PlatformModule.with(environment, ENTITIES, parts), PromptsModule, EdgeModule, JobsModule, ...ROUTES],
    };
  }
}
