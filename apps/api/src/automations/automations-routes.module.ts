import { Module } from '@nestjs/common';
import { AutomationsModule } from '@adiuva/automations';
import { GoalsController } from './goals.controller';
import { SchedulesController } from './schedules.controller';

@Module({ imports: [AutomationsModule], controllers: [GoalsController, SchedulesController] })
export class AutomationsRoutesModule {}
