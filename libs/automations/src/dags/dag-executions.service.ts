import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { Runs, RunStarter, type NewRun, type Run, type RunStatus, type RunStep } from '@adiuva/runs';
import type { DagParams } from './dag';
import { openDag } from './dag-encryption';
import { forkedSteps } from './dag-fork';
import { dagSteps } from './dag-steps';
import { assertBuilder } from './dags.service';
import type { DagRow } from './dag.entity';

export interface DagExecution extends Run {
  readonly steps: readonly RunStep[];
}

export interface ExecutionFilter {
  readonly dagId?: string | undefined;
  readonly status?: RunStatus | undefined;
}

/** Executions of DAGs. Each is a run of kind `dag`. */
@Injectable()
export class DagExecutions {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly starter: RunStarter,
    private readonly runs: Runs,
  ) {}

  /** The id of a new execution; `params` replace the defaults. Throws `upgrade_required`, `conflict` for a DAG that is not ready. */
  async execute(owner: Principal, dagId: string, params: DagParams): Promise<string> {
    assertBuilder(owner);
    return this.start(owner, dagId, (row, cipher) => {
      if (row.status !== 'ready') throw new Problem('conflict', { detail: `This DAG is ${row.status}` });
      const dag = openDag(cipher, row);
      assertKnown(params, dag.params);
      const input = { params: { ...dag.params, ...params } };
      return { dag: { id: row.id, version: row.version }, input, steps: dagSteps(dag) };
    });
  }

  async list(owner: Principal, { dagId, status }: ExecutionFilter, page: PageRequest): Promise<Page<DagExecution>> {
    const { total, items } = await this.runs.list(owner, { kind: 'dag', dagId, status }, page);
    const steps = await this.runs.outlines(
      owner,
      items.map(({ id }) => id),
    );
    return { total, items: items.map((run) => ({ ...run, steps: steps.get(run.id) ?? [] })) };
  }

  /** Throws `not_found`. */
  async get(owner: Principal, id: string): Promise<DagExecution> {
    const run = await this.run(owner, id);
    const steps = await this.runs.outlines(owner, [id]);
    return { ...run, steps: steps.get(id) ?? [] };
  }

  /** With inputs and outputs while the server can read them. */
  async steps(owner: Principal, id: string): Promise<RunStep[]> {
    await this.run(owner, id);
    return this.runs.steps(owner, id);
  }

  /** The nodes of the steps, by the ids of the steps. */
  async nodes(owner: Principal, id: string): Promise<Map<string, string>> {
    const { steps } = await this.get(owner, id);
    return new Map(steps.map((step) => [step.id, step.key ?? '']));
  }

  /**
   * Continues at what failed, or with the answer that the execution waits for; from a node it is a new execution. Throws `conflict` for
   * one that neither failed nor waits, `validation_failed` for both.
   */
  async resume(
    owner: Principal,
    id: string,
    { fromNode, answer }: { readonly fromNode?: string | undefined; readonly answer?: unknown },
  ): Promise<Run> {
    await this.run(owner, id);
    if (fromNode !== undefined && answer !== undefined) {
      const message = 'A new execution waits for no answer: leave out from_node or answer';
      throw invalidField('answer', message);
    }
    if (fromNode !== undefined) return this.runs.get(owner, await this.fork(owner, id, fromNode));
    await (answer === undefined ? this.runs.retry(owner, id) : this.runs.answer(owner, id, answer));
    return this.runs.get(owner, id);
  }

  /** Throws `conflict` while it has not ended. */
  async delete(owner: Principal, id: string): Promise<void> {
    await this.run(owner, id);
    await this.runs.delete(owner, id);
  }

  /**
   * The id of a new execution, which executes `fromNode` and all that depends on it again and takes over the other results. Throws
   * `conflict` where the server can no longer read them, `validation_failed` for an unknown node.
   */
  private async fork(owner: Principal, id: string, fromNode: string): Promise<string> {
    assertBuilder(owner);
    const { dagId, dagVersion } = await this.run(owner, id);
    if (dagId === null || dagVersion === null) throw new Problem('conflict', { detail: 'This run has no DAG' });
    const input = await this.runs.input(owner, id);
    const steps = forkedSteps(await this.runs.steps(owner, id), fromNode);
    return this.start(owner, dagId, () => ({ dag: { id: dagId, version: dagVersion }, input, steps, forkedFrom: id }));
  }

  private async start(owner: Principal, dagId: string, make: Make): Promise<string> {
    const cipher = await this.encryption.open(owner.userId);
    return this.database.transaction(async (tx) => {
      await this.starter.lockOwner(tx, owner.userId);
      const row = await lockDag(tx, owner, dagId);
      const run = { kind: 'dag' as const, trigger: 'manual' as const, ...make(row, cipher) };
      const started = await this.starter.start(tx, owner, cipher, run);
      if (started === undefined) throw new Error('a run without a slot is always made');
      return started;
    });
  }

  private async run(owner: Principal, id: string): Promise<Run> {
    const run = await this.runs.get(owner, id);
    if (run.kind !== 'dag') throw new Problem('not_found');
    return run;
  }
}

type Make = (row: DagRow, cipher: Parameters<typeof openDag>[0]) => Omit<NewRun, 'kind' | 'trigger'>;

/** Against its deletion while an execution starts. */
async function lockDag(tx: Tx, { userId }: Principal, id: string): Promise<DagRow> {
  const [row] = await tx.query<DagRow[]>('SELECT * FROM dags WHERE id = $1 AND user_id = $2 FOR SHARE', [id, userId]);
  if (!row) throw new Problem('not_found');
  return row;
}

function assertKnown(given: DagParams, known: DagParams): void {
  const errors = Object.keys(given)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => ({ field: `params.${name}`, message: 'the DAG has no such parameter' }));
  if (errors.length > 0) throw new Problem('validation_failed', { errors });
}
