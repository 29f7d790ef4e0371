import { Module } from '@nestjs/common';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { PlansController } from './plans.controller';

@Module({ imports: [OrchestratorModule], controllers: [PlansController] })
export class OrchestratorRoutesModule {}
