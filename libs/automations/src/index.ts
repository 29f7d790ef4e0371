export { AGENT_MODEL_ROLES } from './agents/custom-agent';
export type { AgentModelRole, CustomAgent, CustomAgentChange, NewCustomAgent } from './agents/custom-agent';
export { CustomAgents } from './agents/custom-agents.service';
export { AUTOMATION_ENTITIES } from './automations.entities';
export { AutomationsErasure } from './automations.erasure';
export { AutomationsJobs } from './automations.jobs';
export { AutomationsModule } from './automations.module';
export { CONDITION_OPERATORS, DAG_STATUSES } from './dags/dag';
export type { Condition, Dag, DagChange, DagNode, DagSource, DagStatus } from './dags/dag';
export { DagCreation } from './dags/dag-creation.service';
export { DAG_PLAYBOOKS, type DagPlaybook } from './dags/dag-playbooks';
export { DagExecutions, type DagExecution } from './dags/dag-executions.service';
export { dagFaults } from './dags/dag-validation';
export { Dags } from './dags/dags.service';
export { CUSTODIES, GOAL_STATUSES, MISSED_POLICIES } from './goals/goal';
export type {
  Ciphertext,
  Goal,
  GoalChange,
  GoalStatus,
  MissedPolicy,
  NewGoal,
  NewSchedule,
  Schedule,
} from './goals/goal';
export { GoalPlans, type GoalPlanRequest } from './coach/goal-plans.service';
export { Goals } from './goals/goals.service';
export { Memories } from './memories/memories.service';
export type { Memory, NewMemory } from './memories/memory';
export { ScheduleError } from './schedules/schedule-error';
export { checkRule, SCHEDULE_KINDS, slotsAfter } from './schedules/schedule-rule';
export type { ScheduleKind, ScheduleRule } from './schedules/schedule-rule';
export { SchedulePreview } from './schedules/schedule-preview.service';
export { Scheduler } from './goals/scheduler.service';
export { stepAnswer } from './steps/step-answer';
export { StepAgentRunner } from './steps/step-agent-runner.service';
