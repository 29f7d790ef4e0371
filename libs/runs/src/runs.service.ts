import { Injectable } from '@nestjs/common';
import { Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import type { RunStepRow } from './entities/run-step.entity';
import type { RunRow } from './entities/run.entity';
import { openJson, openOutput, sealJson, stepColumn } from './run-cipher';
import { nextRunStatus, type RunEventName } from './run-state';
import {
  RunOutputShape,
  type Custody,
  type Run,
  type RunKind,
  type RunOutput,
  type RunStatus,
  type RunStep,
} from './run';
import { RUN_COLUMNS, toRun } from './run-view';
import { RunsConfig } from './runs.config';
import { SealedResultShape, type SealedResult } from './results/sealed-result';

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  readonly goalId?: string | undefined;
  readonly dagId?: string | undefined;
  readonly kind?: RunKind | undefined;
}

/** Exactly one of both; `output` where the user had no device when the run ended. */
export type RunResult = { readonly output: RunOutput } | { readonly sealed: SealedResult };

const FOUND = `runs WHERE user_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR goal_id = $3) AND ($4::text IS NULL OR kind = $4)
  AND ($5::uuid IS NULL OR dag_id = $5)`;
const LATEST = `SELECT r.* FROM unnest($2::uuid[]) AS goal (id)
  JOIN LATERAL (SELECT ${RUN_COLUMNS} FROM runs WHERE goal_id = goal.id AND user_id = $1 ORDER BY id DESC LIMIT 1) r ON true`;
const BY_IDS = 'SELECT * FROM runs WHERE id = ANY ($1::uuid[]) AND user_id = $2';
const STEPS = 'SELECT * FROM run_steps WHERE run_id = $1 AND user_id = $2 ORDER BY node';
const OUTLINES = `SELECT run_id, node, id, key, name, kind, status, attempt, waiting_for, error_code, started_at, ended_at FROM run_steps
  WHERE user_id = $1 AND run_id = ANY ($2::uuid[]) ORDER BY run_id, node`;
const ACKNOWLEDGE = `WITH changed AS (
    UPDATE runs SET pending_actions = ARRAY(SELECT unnest(pending_actions) EXCEPT SELECT unnest($3::uuid[])) WHERE id = $1 AND user_id = $2
    RETURNING cardinality(pending_actions) AS pending
  ) SELECT pending FROM changed`;
const LOCK = 'SELECT status FROM runs WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE';
const ANSWERABLE = `SELECT node FROM run_steps WHERE run_id = $1 AND user_id = $2 AND status = 'waiting' AND waiting_for <> 'time' ORDER BY node`;
const DELETE = `WITH gone AS (DELETE FROM runs WHERE id = $1 AND user_id = $2 AND status IN ('completed', 'failed', 'cancelled') RETURNING 1) SELECT 1 FROM gone`;

/** Runs as their owner sees and steers them. A run of another user does not exist. */
@Injectable()
export class Runs {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly config: RunsConfig,
  ) {}

  /** Newest first. Counting is bounded by `RUNS_KEPT_DAYS`: 2 to 20 ms for 10,000 runs. */
  async list(owner: Principal, { status, goalId, kind, dagId }: RunFilter, request: PageRequest): Promise<Page<Run>> {
    const values = [owner.userId, status ?? null, goalId ?? null, kind ?? null, dagId ?? null];
    const { total, items } = await this.database.page<RunRow>(RUN_COLUMNS, FOUND, values, request);
    return { total, items: items.map(toRun) };
  }

  async get(owner: Principal, id: string): Promise<Run> {
    return toRun(await this.row(owner, id));
  }

  /** Undefined where it does not exist. */
  async find(userId: string, id: string): Promise<Run | undefined> {
    const [row] = await this.database.query<RunRow>('SELECT * FROM runs WHERE id = $1 AND user_id = $2', [id, userId]);
    return row && toRun(row);
  }

  /** The latest run of each goal that has one. */
  async latestOf(owner: Principal, goalIds: readonly string[]): Promise<Map<string, Run>> {
    const rows = await this.database.query<RunRow>(LATEST, [owner.userId, goalIds]);
    return new Map(rows.flatMap((row) => (row.goal_id === null ? [] : [[row.goal_id, toRun(row)]])));
  }

  async steps(owner: Principal, id: string): Promise<RunStep[]> {
    const run = await this.row(owner, id);
    const rows = await this.database.query<RunStepRow>(STEPS, [id, owner.userId]);
    const cipher = await this.encryption.open(owner.userId);
    return rows.map((row) => toStep(cipher, row, run.custody));
  }

  /** The steps of several runs without their contents, by run. */
  async outlines(owner: Principal, ids: readonly string[]): Promise<Map<string, RunStep[]>> {
    const rows = await this.database.query<RunStepRow>(OUTLINES, [owner.userId, ids]);
    const cipher = await this.encryption.open(owner.userId);
    const byRun = new Map<string, RunStep[]>(ids.map((id) => [id, []]));
    for (const row of rows) byRun.get(row.run_id)?.push(toStep(cipher, { ...row, body: null, output: null }, 'server'));
    return byRun;
  }

  /** What the run was started with. Throws `conflict` where the server can no longer read it. */
  async input(owner: Principal, id: string): Promise<unknown> {
    const { input } = await this.row(owner, id);
    if (input === null) throw new Problem('conflict', { detail: 'This run no longer has what it needs for that' });
    return openJson(await this.encryption.open(owner.userId), `runs.input|${id}`, input);
  }

  async hasRunsOfDag(tx: Tx, userId: string, dagId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>('SELECT 1 FROM runs WHERE user_id = $1 AND dag_id = $2 LIMIT 1', [
      userId,
      dagId,
    ]);
    return rows.length > 0;
  }

  /** Throws `conflict` while the run has no result. */
  async output(owner: Principal, id: string): Promise<RunResult> {
    const result = resultOf(await this.encryption.open(owner.userId), await this.row(owner, id));
    if (!result) throw new Problem('conflict', { detail: 'This run has no result' });
    return result;
  }

  /** Those runs that exist, each with its result, by id. */
  async withResults(
    owner: Principal,
    ids: readonly string[],
  ): Promise<Map<string, { readonly run: Run; readonly result: RunResult | null }>> {
    const rows = await this.database.query<RunRow>(BY_IDS, [ids, owner.userId]);
    const cipher = await this.encryption.open(owner.userId);
    return new Map(rows.map((row) => [row.id, { run: toRun(row), result: resultOf(cipher, row) }]));
  }

  /** How many actions are still to be carried out. Ids that are not pending change nothing. */
  async acknowledge(owner: Principal, id: string, actionIds: readonly string[]): Promise<number> {
    const [row] = await this.database.transaction((tx) =>
      tx.query<{ pending: number }[]>(ACKNOWLEDGE, [id, owner.userId, actionIds]),
    );
    if (!row) throw new Problem('not_found');
    return row.pending;
  }

  /** Throws `conflict` for a run that has ended. */
  async cancel(owner: Principal, id: string): Promise<void> {
    const { RUNS_PER_USER, RUN_STEPS_PER_USER } = this.config;
    const done = await this.transition('SELECT runs_cancel($1, $2, $3, $4) AS done', [
      id,
      owner.userId,
      RUNS_PER_USER,
      RUN_STEPS_PER_USER,
    ]);
    if (!done) throw await this.refusal(owner, id, 'cancel');
  }

  /** Tries again what failed. Throws `conflict` for a run that has not failed, or that has lost what it needs. */
  async retry(owner: Principal, id: string): Promise<void> {
    const done = await this.transition('SELECT runs_resume($1, $2, $3) AS done', [
      id,
      owner.userId,
      this.config.RUNS_PER_USER,
    ]);
    if (!done) throw await this.refusal(owner, id, 'resume');
  }

  /** Gives `answer` to every step that waits for an approval or a device. Throws `conflict` where none does, and for a failed run. */
  async answer(owner: Principal, id: string, answer: unknown): Promise<void> {
    await this.row(owner, id);
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction(async (tx) => {
      // The run's row first: the lock order of all transitions.
      const [run] = await tx.query<{ status: RunStatus }[]>(LOCK, [id, owner.userId]);
      if (!run) throw new Problem('not_found');
      let isUsed = false;
      for (const { node } of await tx.query<{ node: number }[]>(ANSWERABLE, [id, owner.userId])) {
        const sealed = sealJson(cipher, stepColumn('answer', id, node), answer);
        const values = [id, node, sealed, this.config.RUNS_PER_USER];
        const [row] = await tx.query<{ woken: boolean }[]>('SELECT runs_wake($1, $2, $3, $4) AS woken', values);
        isUsed ||= row?.woken === true;
      }
      if (!isUsed) throw conflict(run.status, 'wake');
    });
  }

  /** Throws `conflict` while the run has not ended. */
  async delete(owner: Principal, id: string): Promise<void> {
    const rows = await this.database.query(DELETE, [id, owner.userId]);
    if (rows.length === 0) throw await this.refusal(owner, id, 'delete');
  }

  private async transition(sql: string, values: readonly unknown[]): Promise<boolean> {
    const [row] = await this.database.transaction((tx) => tx.query<{ done: boolean }[]>(sql, [...values]));
    return row?.done === true;
  }

  private async refusal(owner: Principal, id: string, event: RunEventName): Promise<Problem> {
    return conflict((await this.row(owner, id)).status, event);
  }

  private async row(owner: Principal, id: string): Promise<RunRow> {
    const [row] = await this.database.query<RunRow>('SELECT * FROM runs WHERE id = $1 AND user_id = $2', [
      id,
      owner.userId,
    ]);
    if (!row) throw new Problem('not_found');
    return row;
  }
}

function resultOf(cipher: UserCipher, { id, output, output_sealed }: RunRow): RunResult | null {
  if (output === null) return null;
  if (output_sealed) return { sealed: SealedResultShape.parse(JSON.parse(output.toString())) };
  return { output: RunOutputShape.parse(openJson(cipher, `runs.output|${id}`, output)) };
}

function conflict(status: RunStatus, event: RunEventName): Problem {
  const possible = nextRunStatus(status, event) !== undefined;
  return new Problem('conflict', {
    detail: possible ? 'This run no longer has what it needs for that' : `This run is ${status}`,
  });
}

function toStep(cipher: UserCipher, row: RunStepRow, custody: Custody): RunStep {
  const column = (name: string): string => stepColumn(name, row.run_id, row.node);
  return {
    id: row.id,
    index: row.node,
    key: row.key === null ? null : String(openJson(cipher, column('key'), row.key)),
    name: String(openJson(cipher, column('name'), row.name)),
    kind: row.kind,
    status: row.status,
    attempts: row.attempt,
    waitingFor: row.status === 'waiting' ? row.waiting_for : null,
    input: openJson(cipher, column('body'), row.body),
    // What a run with custody of a device has made opens with the key of the device alone.
    output: custody === 'device' ? null : openOutput(cipher, column('output'), row.output),
    errorCode: row.error_code,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
