export { RunRow } from './entities/run.entity';
export type { StepExecution, StepHandler, StepOutcome, StepResult } from './engine/step-handler';
export { StepHandlers } from './engine/step-handlers.service';
export { RunWorker } from './engine/run-worker.service';
export { RunEvents } from './events/run-events.service';
export { RunKeys } from './keys/run-keys.service';
export type { SealedResult } from './results/sealed-result';
export { RUN_KINDS, RUN_STATUSES, RunActionShape } from './run';
export type {
  Custody,
  NewRun,
  NewStep,
  Run,
  RunAction,
  RunEvent,
  RunKind,
  RunSchedule,
  RunStatus,
  RunStep,
} from './run';
export { nextRunStatus, RUN_TRANSITIONS } from './run-state';
export {
  RUN_QUESTION,
  RunQuestions,
  type DeviceAnswer,
  type DeviceQuestion,
  type StepOfUser,
} from './run-questions.service';
export { RunStarter } from './run-starter.service';
export { RUNS_ENTITIES } from './runs.entities';
export { RunsErasure } from './runs.erasure';
export { RunsJobs } from './runs.jobs';
export { RunsModule } from './runs.module';
export { Runs, type RunResult } from './runs.service';
