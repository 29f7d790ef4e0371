import type { RunStatus } from './run';

export type RunEventName = 'admit' | 'wait' | 'wake' | 'complete' | 'fail' | 'cancel' | 'resume' | 'delete';

/**
 * The transitions of a run; what is absent is not possible. The database's functions are held against this table by test/runs/engine. A queued
 * run fails when a parallel step fails that was still executed as the run was resumed.
 */
export const RUN_TRANSITIONS: Readonly<Record<RunStatus, Partial<Record<RunEventName, RunStatus | 'deleted'>>>> = {
  queued: { admit: 'running', fail: 'failed', cancel: 'cancelled' },
  running: { wait: 'waiting', complete: 'completed', fail: 'failed', cancel: 'cancelled' },
  waiting: { wake: 'queued', fail: 'failed', cancel: 'cancelled' },
  completed: { delete: 'deleted' },
  failed: { resume: 'queued', delete: 'deleted' },
  cancelled: { delete: 'deleted' },
};

export function nextRunStatus(status: RunStatus, event: RunEventName): RunStatus | 'deleted' | undefined {
  return RUN_TRANSITIONS[status][event];
}

export function hasEnded(status: RunStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
