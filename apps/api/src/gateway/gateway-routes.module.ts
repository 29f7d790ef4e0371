import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { GatewayModule } from '@adiuva/gateway';
import { GatewayController } from './gateway.controller';
import { AgentCallers } from './agent-callers.service';

@Module({
  imports: [AuthModule, GatewayModule],
  controllers: [GatewayController],
  providers: [AgentCallers],
})
export class GatewayRoutesModule {}
