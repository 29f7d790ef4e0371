import { z } from 'zod';

/** What a run executes. Each kind has one handler. */
export type RunKind = 'goal' | 'dag' | 'job' | 'gateway';
export const RUN_KINDS: readonly RunKind[] = ['goal', 'dag', 'job', 'gateway'];

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export type RunTrigger = 'manual' | 'schedule' | 'api';
export type WaitReason = 'device' | 'approval' | 'time';
export type Custody = 'server' | 'device';

export type StepKind = 'model' | 'tool' | 'agent' | 'wait';
export type StepStatus = 'blocked' | 'ready' | 'running' | 'waiting' | 'done' | 'failed' | 'skipped' | 'cancelled';

export const RunActionShape = z.object({
  id: z.string(),
  type: z.enum([
    'create_record',
    'update_record',
    'delete_record',
    'index_document',
    'send_notification',
    'call_agent',
  ]),
  table: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
  agent: z.string().nullable(),
});

/** A change that the desktop app carries out; the id is what the app acknowledges. */
export type RunAction = z.infer<typeof RunActionShape>;

/** When the user may want to be reminded of something, in the form of a schedule of a goal. As on the wire: devices read it in a sealed result. */
const RunScheduleShape = z.object({
  title: z.string(),
  /** The record that an action creates. */
  task_id: z.string(),
  kind: z.enum(['rrule', 'at']),
  expression: z.string(),
  timezone: z.string(),
  starts_at: z.number(),
});
export type RunSchedule = z.infer<typeof RunScheduleShape>;

/** `schedules` are proposals of the coach; `result` is what a job gives beside its response, in the form of its kind. */
export const RunOutputShape = z.object({
  response: z.string(),
  actions: z.array(RunActionShape),
  schedules: z.array(RunScheduleShape).optional(),
  result: z.unknown().optional(),
});
export type RunOutput = z.infer<typeof RunOutputShape>;

/** What one step gives; `value` is what other steps may refer to where it is more than the response. */
export const StepOutputShape = RunOutputShape.extend({ value: z.unknown().optional() });
export type StepOutput = z.infer<typeof StepOutputShape>;

export interface RunUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A step of a run that is to be made. `dependsOn` are positions in the list of steps; `done` takes over the result of an earlier run. */
export interface NewStep {
  /** What the definition of the run calls the step; absent where it has one step. */
  readonly key?: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly dependsOn: readonly number[];
  readonly continues?: boolean;
  readonly body: unknown;
  readonly done?: StepOutput;
}

export interface NewRun {
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly goalId?: string;
  readonly dag?: { readonly id: string; readonly version: number };
  readonly slot?: { readonly scheduleId: string; readonly at: Date };
  readonly forkedFrom?: string;
  readonly custody?: Custody;
  readonly input: unknown;
  readonly steps: readonly NewStep[];
}

/** A run as its owner sees it. `progress` is a percentage. */
export interface Run {
  readonly id: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly waitingFor: WaitReason | null;
  readonly trigger: RunTrigger;
  readonly goalId: string | null;
  readonly dagId: string | null;
  readonly dagVersion: number | null;
  readonly forkedFrom: string | null;
  readonly custody: Custody;
  readonly progress: number;
  readonly attempt: number;
  readonly usage: RunUsage;
  readonly error: { readonly code: string; readonly step: string | null } | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** `input` and `output` only while the server can read them. */
export interface RunStep {
  readonly id: string;
  readonly index: number;
  readonly key: string | null;
  readonly name: string;
  readonly kind: StepKind;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly waitingFor: WaitReason | null;
  readonly input: unknown;
  readonly output: StepOutput | null;
  readonly errorCode: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface RunEvent {
  readonly seq: number;
  readonly kind: 'run.status' | 'step.started' | 'step.completed' | 'step.failed' | 'progress' | 'output';
  readonly stepId: string | null;
  readonly detail: string | null;
  readonly at: Date;
}

/** The result of steps in their order: all actions, the responses of the steps that no other step depends on, the last result. */
export function combineOutputs(
  steps: readonly { readonly dependents: readonly number[]; readonly output: StepOutput | null }[],
): RunOutput {
  const responses = steps.flatMap(({ dependents, output }) =>
    dependents.length === 0 && output && output.response !== '' ? [output.response] : [],
  );
  const schedules = steps.flatMap(({ output }) => output?.schedules ?? []);
  const result = steps.findLast(({ output }) => output?.result !== undefined)?.output?.result;
  return {
    response: responses.join('\n\n'),
    actions: steps.flatMap(({ output }) => output?.actions ?? []),
    ...(schedules.length === 0 ? {} : { schedules }),
    ...(result === undefined ? {} : { result }),
  };
}
