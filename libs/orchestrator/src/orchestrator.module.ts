import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { LlmModule } from '@adiuva/llm';
import { DagDrafts } from './dags/dag-draft.service';
import { IntentRouter } from './intent-router.service';
import { Orchestrator } from './orchestrator.service';
import { Pipeline } from './pipeline.service';
import { AgentActionPlanner } from './plans/agent-action-planner.service';
import { PlanCache } from './plans/plan-cache.service';
import { PlanModel } from './plans/plan-model.service';
import { Planner } from './plans/planner.service';
import { PlanSteps } from './plans/plan-steps.service';
import { PlaybookRegistry } from './plans/playbook-registry.service';
import { PromptTemplateRegistry } from './plans/prompt-template-registry.service';
import { ToolAnswers } from './tool-answers.service';
import { PlanAllowlists } from './plans/plan-allowlist.service';

const PLANS = [
  AgentActionPlanner,
  PlanCache,
  PlanModel,
  Planner,
  PlanSteps,
  PlaybookRegistry,
  PromptTemplateRegistry,
  PlanAllowlists,
];

@Module({
  imports: [AgentsModule, LlmModule],
  providers: [DagDrafts, IntentRouter, Pipeline, Orchestrator, ToolAnswers, ...PLANS],
  exports: [DagDrafts, Orchestrator, PlanSteps, PlaybookRegistry, ToolAnswers],
})
export class OrchestratorModule {}
