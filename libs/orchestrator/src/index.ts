export { Orchestrator, type Answered, type Planned, type Wish } from './orchestrator.service';
export { OrchestratorModule } from './orchestrator.module';
export { STEP_ACTIONS, type ExecutionPlan, type PlanStep } from './plans/execution-plan';
export { PlanSteps } from './plans/plan-steps.service';
export { PlaybookShelf } from './plans/playbook-shelf.service';
export type { Playbook } from './plans/playbooks';
