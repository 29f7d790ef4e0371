import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { PromptsModule } from '@adiuva/prompts';
import { RunsModule } from '@adiuva/runs';
import { AutomationsConfig } from './automations.config';
import { AutomationsErasure } from './automations.erasure';
import { DagExecutions } from './dags/dag-executions.service';
import { DagHandler } from './dags/dag-handler.service';
import { DagCreation } from './dags/dag-creation.service';
import { DagPlanner } from './dags/dag-planner.service';
import { DagTools } from './dags/dag-tools.service';
import { Dags } from './dags/dags.service';
import { GoalHandler } from './goals/goal-handler.service';
import { GoalReader } from './goals/goal-reader.service';
import { GoalRuns, Goals } from './goals/goals.service';
import { ScheduleStore } from './goals/schedules.store';
import { SchedulePreview } from './schedules/schedule-preview.service';
import { StepTurns } from './steps/step-turns.service';
import { Scheduler } from './goals/scheduler.service';

@Module({
  imports: [AgentsModule, AuthModule, BillingModule, OrchestratorModule, PromptsModule, RunsModule],
  providers: [
    provideSettings(AutomationsConfig),
    AutomationsErasure,
    DagCreation,
    DagExecutions,
    DagHandler,
    DagPlanner,
    DagTools,
    Dags,
    GoalHandler,
    GoalReader,
    GoalRuns,
    Goals,
    SchedulePreview,
    ScheduleStore,
    Scheduler,
    StepTurns,
  ],
  exports: [AutomationsConfig, AutomationsErasure, DagCreation, DagExecutions, Dags, Goals, SchedulePreview, Scheduler],
})
export class AutomationsModule {}
