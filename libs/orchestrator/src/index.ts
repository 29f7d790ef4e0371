export { DagDrafts } from './dags/dag-draft.service';
export { Orchestrator, type AnswerResult, type PlanResult, type OrchestratorRequest } from './orchestrator.service';
export { OrchestratorModule } from './orchestrator.module';
export { STEP_ACTIONS, type ExecutionPlan, type PlanStep } from './plans/execution-plan';
export { PlanSteps } from './plans/plan-steps.service';
export { PlaybookRegistry } from './plans/playbook-registry.service';
export type { Playbook } from './plans/playbooks';
export { ToolAnswers } from './tool-answers.service';
