import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { AuthModule } from '@adiuva/auth';
import { AutomationsModule } from '@adiuva/automations';
import { provideSettings } from '@adiuva/config';
import { RunsModule } from '@adiuva/runs';
import { GatewayConfig } from './gateway.config';
import { GatewayHandler } from './gateway-handler.service';
import { GatewayJobs } from './gateway.jobs';
import { GatewayRuns } from './gateway-runs.service';
import { GatewayTools } from './gateway-tools.service';
import { SignedRequests } from './signed-requests.service';

@Module({
  imports: [AgentsModule, AuthModule, AutomationsModule, RunsModule],
  providers: [provideSettings(GatewayConfig), GatewayHandler, GatewayJobs, GatewayRuns, GatewayTools, SignedRequests],
  exports: [GatewayJobs, GatewayTools, SignedRequests],
})
export class GatewayModule {}
