import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { ConcurrencyConfig, type Tx } from '@adiuva/platform';
import { sealJson, stepColumn, type RunCipher } from './run-cipher';
import type { NewRun, NewStep } from './run';
import { RunsConfig } from './runs.config';

/** The account must be alive and not disabled, and stays so until this transaction ends: erasing it takes this lock too. */
const LOCK_USER = 'SELECT disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1 AND erased_at IS NULL FOR SHARE';
const INSERT_RUN = `INSERT INTO runs (id, user_id, kind, status, waiting_for, trigger, goal_id, dag_id, dag_version, schedule_id, slot, forked_from, custody, input,
    open_steps, total_steps, max_concurrent)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (schedule_id, slot) DO NOTHING RETURNING id`;
const INSERT_STEPS = `INSERT INTO run_steps (run_id, node, id, user_id, kind, status, missing, depends_on, dependents, continues, key, name, body, output, ended_at)
  SELECT $1, node, id, $2, kind, CASE WHEN output IS NULL THEN 'blocked' ELSE 'done' END, missing, depends_on, dependents, continues, decode(key, 'base64'), decode(name, 'base64'), decode(body, 'base64'),
    decode(output, 'base64'), CASE WHEN output IS NULL THEN NULL ELSE clock_timestamp() END
  FROM jsonb_to_recordset($3::jsonb) AS step (node integer, id uuid, kind text, missing integer, depends_on integer[], dependents integer[], continues boolean, key text, name text,
    body text, output text)`;

/** Whose run it is; the tier limits how much of the user is in progress at the same time. */
export type RunOwner = Pick<Principal, 'userId' | 'tier'>;

/** Makes runs, as part of the transaction that causes them. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly config: RunsConfig,
    private readonly concurrency: ConcurrencyConfig,
  ) {}

  /** Before any lock on what the run is made of. Throws `not_found` for an erased account, `account_disabled`. */
  async lockOwner(tx: Tx, userId: string): Promise<void> {
    const [owner] = await tx.query<{ disabled: boolean }[]>(LOCK_USER, [userId]);
    if (!owner) throw new Problem('not_found');
    if (owner.disabled) throw new Problem('account_disabled');
  }

  /**
   * The id of a new run, which starts when the transaction commits and the user has fewer than `RUNS_PER_USER` running, and fewer runs and
   * streams in progress than the tier allows. Undefined where the slot has its run. With custody of a device it waits for a key. Throws `not_found` for an erased account.
   */
  async start(tx: Tx, { userId, tier }: RunOwner, cipher: RunCipher, run: NewRun): Promise<string | undefined> {
    await this.lockOwner(tx, userId);
    const id = newId();
    const inserted = await tx.query<unknown[]>(INSERT_RUN, [
      ...runValues(id, userId, run, cipher),
      this.concurrency.max(tier),
    ]);
    if (inserted.length === 0) return undefined;
    await tx.query(INSERT_STEPS, [
      id,
      userId,
      JSON.stringify(run.steps.map((_, node) => stepRow(id, run.steps, node, cipher))),
    ]);
    await tx.query('SELECT runs_event($1, $2, NULL, status) FROM runs WHERE id = $1', [id, 'run.status']);
    await tx.query('SELECT runs_admit($1, $2)', [userId, this.config.RUNS_PER_USER]);
    return id;
  }
}

function runValues(id: string, userId: string, run: NewRun, cipher: RunCipher): unknown[] {
  const custody = run.custody ?? 'server';
  const [status, waitingFor] = custody === 'device' ? ['waiting', 'device'] : ['queued', null];
  return [
    id,
    userId,
    run.kind,
    status,
    waitingFor,
    run.trigger,
    run.goalId ?? null,
    run.dag?.id ?? null,
    run.dag?.version ?? null,
    run.slot?.scheduleId ?? null,
    run.slot?.at ?? null,
    run.forkedFrom ?? null,
    custody,
    sealJson(cipher, `runs.input|${id}`, run.input ?? null),
    run.steps.filter(({ done }) => done === undefined).length,
    run.steps.length,
  ];
}

function stepRow(runId: string, steps: readonly NewStep[], node: number, cipher: RunCipher) {
  const step = steps[node];
  if (!step) throw new Error('there is no such step');
  const sealed = (column: string, value: unknown) =>
    sealJson(cipher, stepColumn(column, runId, node), value).toString('base64');
  return {
    node,
    id: newId(),
    kind: step.kind,
    missing: step.dependsOn.filter((index) => steps[index]?.done === undefined).length,
    depends_on: step.dependsOn,
    dependents: steps.flatMap(({ dependsOn }, index) => (dependsOn.includes(node) ? [index] : [])),
    continues: step.continues ?? false,
    key: step.key === undefined ? null : sealed('key', step.key),
    name: sealed('name', step.name),
    body: sealed('body', step.body ?? null),
    output: step.done === undefined ? null : sealed('output', step.done),
  };
}
