import type { RunRow } from './entities/run.entity';
import { RUN_KINDS, type Run } from './run';

type RunContent = 'input' | 'output' | 'wrapped_key';

/** What `toRun` reads: no list loads the contents of its runs. */
export const RUN_COLUMNS = `id, kind, status, waiting_for, trigger, goal_id, dag_id, dag_version, forked_from, custody, open_steps, total_steps, attempt,
  input_tokens, output_tokens, error_code, error_step, created_at, started_at, ended_at`;

export function toRun(row: Omit<RunRow, RunContent>): Run {
  const kind = RUN_KINDS.find((known) => known === row.kind);
  if (!kind) throw new Error('a run has a kind that does not exist');
  return {
    id: row.id,
    kind,
    status: row.status,
    waitingFor: row.waiting_for,
    trigger: row.trigger,
    goalId: row.goal_id,
    dagId: row.dag_id,
    dagVersion: row.dag_version,
    forkedFrom: row.forked_from,
    custody: row.custody,
    progress: Math.floor((100 * (row.total_steps - row.open_steps)) / row.total_steps),
    attempt: row.attempt,
    usage: { inputTokens: Number(row.input_tokens), outputTokens: Number(row.output_tokens) },
    error: row.error_code === null ? null : { code: row.error_code, step: row.error_step },
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
