import type { Tx } from '@adiuva/platform';
import type { RunKind, RunUsage, StepKind, StepOutput, StepStatus, WaitReason } from '../run';

/** The result of a step that has ended, as later steps see it. */
export interface StepResult {
  readonly status: StepStatus;
  readonly output: StepOutput | null;
}

/** One attempt of a step. */
export interface StepExecution {
  readonly runId: string;
  readonly userId: string;
  readonly runKind: RunKind;
  readonly stepKind: StepKind;
  readonly node: number;
  /** As the run was started with it. */
  readonly input: unknown;
  readonly body: unknown;
  /** When the run was started first. */
  readonly startedAt: Date;
  /** By position; the steps that this one depends on, and what they depend on. */
  readonly results: ReadonlyMap<number, StepResult>;
  /** What earlier attempts recorded, in their order. */
  readonly journal: readonly unknown[];
  /** The answer to the question that the step waited for; absent on a first attempt. */
  readonly answer?: unknown;
  /** Lent by a device for a run whose content it has encrypted. In memory only. */
  readonly key?: Buffer;
  /**
   * Stores the journal, sealed. With `answered` it has the `answer`, which is dropped: it must not answer the next question of an attempt that
   * takes this one over. Throws when the step is no longer this attempt's.
   */
  saveJournal(entries: readonly unknown[], answered?: boolean): Promise<void>;
}

export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly output: StepOutput;
      readonly usage: RunUsage;
      /** Writes in the transaction that ends the step, so that they happen once. What it throws is the fault of the attempt. */
      readonly commit?: (tx: Tx) => Promise<void>;
    }
  | { readonly kind: 'skipped' }
  | {
      readonly kind: 'wait';
      readonly for: WaitReason;
      readonly until?: Date;
      readonly question?: unknown;
      readonly journal: readonly unknown[];
    };

/**
 * Carries out the steps of one kind of run. A step may run again after a crash until its result is stored: outside effects need a key of
 * their own, and what came from outside belongs into the journal. Throws `Problem`s; those of a temporary nature are tried again.
 */
export interface StepHandler {
  readonly kind: RunKind;
  execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome>;
}
