import { Module } from '@nestjs/common';
import { AutomationsModule } from '@adiuva/automations';
import { RunsRoutesModule } from '../runs/runs-routes.module';
import { DagExecutionsController } from './dag-executions.controller';
import { DagsController } from './dags.controller';
import { GoalsController } from './goals.controller';
import { SchedulesController } from './schedules.controller';

@Module({
  imports: [AutomationsModule, RunsRoutesModule],
  controllers: [DagsController, DagExecutionsController, GoalsController, SchedulesController],
})
export class AutomationsRoutesModule {}
