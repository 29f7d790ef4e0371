import { Injectable } from '@nestjs/common';
import {
  featuresOf,
  lowestTierWith,
  newId,
  Problem,
  type Page,
  type PageRequest,
  type Principal,
} from '@adiuva/kernel';
import { lockLiveUser, UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { Runs } from '@adiuva/runs';
import type { Dag, DagChange, DagContent, DagStatus } from './dag';
import { openDag, sealDag } from './dag-encryption';
import { DagTools } from './dag-tools.service';
import type { DagRow } from './dag.entity';
import { assertDag } from './dag-validation';

const MAX_DAGS = 1_000;
const INSERT = `INSERT INTO dags (id, user_id, status, title, nodes, params) VALUES ($1, $2, 'ready', $3, $4, $5)`;
const FOUND = 'dags WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)';
const LOCK = 'SELECT * FROM dags WHERE id = $1 AND user_id = $2 FOR UPDATE';
const UPDATE = `UPDATE dags SET status = $3, title = $4, nodes = $5, params = $6, version = $7, updated_at = now() WHERE id = $1 AND user_id = $2`;

/** DAGs: graphs of agents and tools that a user executes again and again. */
@Injectable()
export class Dags {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly tools: DagTools,
    private readonly runs: Runs,
  ) {}

  /** Newest first. */
  async list(owner: Principal, status: DagStatus | undefined, request: PageRequest): Promise<Page<Dag>> {
    const { total, items } = await this.database.page<DagRow>('*', FOUND, [owner.userId, status ?? null], request);
    const cipher = await this.encryption.open(owner.userId);
    return { total, items: items.map((row) => openDag(cipher, row)) };
  }

  /** Throws `not_found`. */
  async get(owner: Principal, id: string): Promise<Dag> {
    const [row] = await this.database.query<DagRow>('SELECT * FROM dags WHERE id = $1 AND user_id = $2', [
      id,
      owner.userId,
    ]);
    if (!row) throw new Problem('not_found');
    return openDag(await this.encryption.open(owner.userId), row);
  }

  /** Nodes that the user has written. Throws `upgrade_required` without `batch_builder`, `invalid_dag`. */
  async build(owner: Principal, content: DagContent): Promise<Dag> {
    assertBuilder(owner);
    return this.create(owner, content);
  }

  /** Nodes of a planner or a playbook. Throws `invalid_dag`, `conflict` beyond 1,000 DAGs. */
  async create(owner: Principal, content: DagContent): Promise<Dag> {
    assertDag(content, await this.tools.vocabulary(owner));
    const id = newId();
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, owner.userId, 'UPDATE');
      const [row] = await tx.query<[{ total: string }]>('SELECT count(*) AS total FROM dags WHERE user_id = $1', [
        owner.userId,
      ]);
      if (Number(row.total) >= MAX_DAGS)
        throw new Problem('conflict', { detail: `A user has at most ${MAX_DAGS} DAGs` });
      await tx.query(INSERT, [id, owner.userId, ...sealDag(cipher, id, content)]);
    });
    return this.get(owner, id);
  }

  /** A change of nodes or parameters makes a new version; executions keep the one that they were started with. */
  async change(owner: Principal, id: string, change: DagChange): Promise<Dag> {
    const structural = change.nodes !== undefined || change.params !== undefined;
    if (structural) assertBuilder(owner);
    const vocabulary = await this.tools.vocabulary(owner);
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query<DagRow[]>(LOCK, [id, owner.userId]);
      if (!row) throw new Problem('not_found');
      const content = changed(cipher, row, change);
      if (structural) assertDag(content, vocabulary);
      const version = row.version + (structural ? 1 : 0);
      const sealed = sealDag(cipher, id, content);
      await tx.query(UPDATE, [id, owner.userId, change.status ?? row.status, ...sealed, version]);
    });
    return this.get(owner, id);
  }

  /** Throws `conflict` while it has executions. */
  async delete(owner: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Locked against an execution that starts now.
      const rows = await tx.query<unknown[]>(LOCK, [id, owner.userId]);
      if (rows.length === 0) throw new Problem('not_found');
      if (await this.runs.hasRunsOfDag(tx, owner.userId, id))
        throw new Problem('conflict', { detail: 'This DAG has executions' });
      await tx.query('DELETE FROM dags WHERE id = $1 AND user_id = $2', [id, owner.userId]);
    });
  }
}

/** Throws `upgrade_required` where the tier has no batch builder. */
export function assertBuilder({ tier }: Principal): void {
  if (featuresOf(tier).batchBuilder) return;
  throw new Problem('upgrade_required', {
    detail: 'Your plan does not include building and executing DAGs',
    members: { required_tier: lowestTierWith(({ batchBuilder }) => batchBuilder) },
  });
}

function changed(cipher: UserCipher, row: DagRow, { title, nodes, params }: DagChange): DagContent {
  const dag = openDag(cipher, row);
  return { title: title ?? dag.title, nodes: nodes ?? dag.nodes, params: params ?? dag.params };
}
