import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { provideSettings } from '@adiuva/config';
import { ActiveSteps } from './engine/active-steps.service';
import { RunWorker } from './engine/run-worker.service';
import { StepExecutor } from './engine/step-executor.service';
import { StepHandlers } from './engine/step-handlers.service';
import { StepOutcomes } from './engine/step-outcomes.service';
import { StepStore } from './engine/step.store';
import { RunEvents } from './events/run-events.service';
import { RunKeys } from './keys/run-keys.service';
import { WorkerKeyPair } from './keys/worker-key-pair.service';
import { RunCompletion } from './results/run-completion.service';
import { RunQuestions } from './run-questions.service';
import { RunStarter } from './run-starter.service';
import { RunsConfig } from './runs.config';
import { RunsErasure } from './runs.erasure';
import { RunsJobs } from './runs.jobs';
import { RunsMetrics } from './runs.metrics';
import { Runs } from './runs.service';

@Module({
  imports: [AuthModule],
  providers: [
    provideSettings(RunsConfig),
    ActiveSteps,
    RunCompletion,
    RunEvents,
    RunKeys,
    RunQuestions,
    RunStarter,
    RunWorker,
    Runs,
    RunsErasure,
    RunsJobs,
    RunsMetrics,
    StepExecutor,
    StepHandlers,
    StepOutcomes,
    StepStore,
    WorkerKeyPair,
  ],
  exports: [
    RunEvents,
    RunKeys,
    RunQuestions,
    RunStarter,
    RunWorker,
    Runs,
    RunsConfig,
    RunsErasure,
    RunsJobs,
    StepHandlers,
  ],
})
export class RunsModule {}
