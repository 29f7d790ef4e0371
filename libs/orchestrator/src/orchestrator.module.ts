import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { LlmModule } from '@adiuva/llm';
import { IntentRouter } from './intent-router.service';
import { Orchestrator } from './orchestrator.service';
import { Pipeline } from './pipeline.service';
import { DutyPlanner } from './plans/duty-planner.service';
import { PlanCache } from './plans/plan-cache.service';
import { PlanModel } from './plans/plan-model.service';
import { Planner } from './plans/planner.service';
import { PlanSteps } from './plans/plan-steps.service';
import { PlaybookShelf } from './plans/playbook-shelf.service';
import { PromptTemplateRegistry } from './plans/prompt-template-registry.service';
import { Vocabulary } from './plans/vocabulary.service';

const PLANS = [
  DutyPlanner,
  PlanCache,
  PlanModel,
  Planner,
  PlanSteps,
  PlaybookShelf,
  PromptTemplateRegistry,
  Vocabulary,
];

@Module({
  imports: [AgentsModule, LlmModule],
  providers: [IntentRouter, Pipeline, Orchestrator, ...PLANS],
  exports: [Orchestrator, PlanSteps, PlaybookShelf],
})
export class OrchestratorModule {}
