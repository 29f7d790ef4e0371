import { Settings, setting } from '@adiuva/config';

const RUNS = {
  RUNS_PER_USER: setting.integer('Runs of one user that run at the same time; the rest stay queued', 4, { min: 1 }),
  RUN_STEPS_PER_USER: setting.integer('Steps of one user that run at the same time in all processes', 8, { min: 1 }),
  RUNS_CONCURRENCY: setting.integer('Steps that one process executes at the same time', 16, { min: 1 }),
  AGENT_TIMEOUT_S: setting.integer('Seconds after which one attempt of a step is cut', 300, { min: 1 }),
  RUN_RETRY_MS: setting.integer(
    'Milliseconds before a step is tried again after a temporary fault; doubled each time',
    2_000,
    {
      min: 1,
    },
  ),
  RUN_LEASE_MS: setting.integer('Milliseconds after which the step of a silent process is taken over', 20_000, {
    min: 500,
  }),
  RUNS_KEPT_DAYS: setting.integer('Days that an ended run is kept', 90, { min: 1 }),
  RUN_RESUME_DAYS: setting.integer('Days that a failed run keeps what it needs to be resumed', 7, { min: 1 }),
};

export class RunsConfig extends Settings('Runs', RUNS) {}
