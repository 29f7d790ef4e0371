import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { NotificationsModule } from '@adiuva/notifications';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { PromptsModule } from '@adiuva/prompts';
import { RunsModule } from '@adiuva/runs';
import { CustomAgentLoader } from './agents/custom-agent-loader.service';
import { CustomAgents } from './agents/custom-agents.service';
import { CustomAgentStore } from './agents/custom-agents.store';
import { AutomationsConfig } from './automations.config';
import { AutomationsErasure } from './automations.erasure';
import { AutomationsJobs } from './automations.jobs';
import { CoachModels } from './coach/coach-models.service';
import { CoachRunner } from './coach/coach-runner.service';
import { GoalPlans } from './coach/goal-plans.service';
import { OnboardingAgent } from './coach/onboarding-agent.service';
import { DagExecutions } from './dags/dag-executions.service';
import { DagHandler } from './dags/dag-handler.service';
import { DagCreation } from './dags/dag-creation.service';
import { DagPlanner } from './dags/dag-planner.service';
import { DagTools } from './dags/dag-tools.service';
import { Dags } from './dags/dags.service';
import { GoalNotices } from './goals/goal-notices.service';
import { GoalHandler } from './goals/goal-handler.service';
import { GoalReader } from './goals/goal-reader.service';
import { GoalParts, Goals } from './goals/goals.service';
import { ScheduleStore } from './goals/schedules.store';
import { Memories } from './memories/memories.service';
import { SchedulePreview } from './schedules/schedule-preview.service';
import { ActionNotifications } from './steps/action-notifications.service';
import { StepAgentRunner } from './steps/step-agent-runner.service';
import { Scheduler } from './goals/scheduler.service';

@Module({
  imports: [
    AgentsModule,
    AuthModule,
    BillingModule,
    NotificationsModule,
    OrchestratorModule,
    PromptsModule,
    RunsModule,
  ],
  providers: [
    provideSettings(AutomationsConfig),
    ActionNotifications,
    AutomationsErasure,
    AutomationsJobs,
    CoachModels,
    CoachRunner,
    CustomAgentLoader,
    CustomAgents,
    CustomAgentStore,
    DagCreation,
    DagExecutions,
    DagHandler,
    DagPlanner,
    DagTools,
    Dags,
    GoalHandler,
    GoalNotices,
    GoalReader,
    GoalParts,
    GoalPlans,
    Goals,
    Memories,
    OnboardingAgent,
    SchedulePreview,
    ScheduleStore,
    Scheduler,
    StepAgentRunner,
  ],
  exports: [
    StepAgentRunner,
    AutomationsConfig,
    AutomationsErasure,
    AutomationsJobs,
    CustomAgents,
    DagCreation,
    DagExecutions,
    Dags,
    GoalPlans,
    Goals,
    Memories,
    SchedulePreview,
    Scheduler,
  ],
})
export class AutomationsModule {}
