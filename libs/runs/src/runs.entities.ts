import { RunEventRow } from './entities/run-event.entity';
import { RunStepRow } from './entities/run-step.entity';
import { RunWorkerRow } from './entities/run-worker.entity';
import { RunRow } from './entities/run.entity';

export const RUNS_ENTITIES = [RunRow, RunStepRow, RunEventRow, RunWorkerRow] as const;
