import { Injectable } from '@nestjs/common';
import { checksumOf, newId, Problem, type Checksum, type Precondition, type Principal } from '@adiuva/kernel';
import { isRefusal } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { SavedRecord } from './record';
import { RecordBlobs } from './record-blobs.service';
import { RecordWriter } from './record-writer.service';
import { RecordsStore, type RecordWrite, type StoredContent } from './records.store';

interface BatchContent {
  readonly bytes: Buffer;
  readonly checksum: Checksum;
}

/** One of up to 500 operations; `refused` is one that could not be parsed. */
export type BatchOperation =
  | ({ readonly op: 'create'; readonly id: string | undefined; readonly table: string } & BatchContent)
  | ({ readonly op: 'update'; readonly id: string; readonly expected: Precondition } & BatchContent)
  | { readonly op: 'delete'; readonly id: string; readonly expected: Precondition; readonly tombstone: Buffer | null }
  | { readonly op: 'refused'; readonly id: string | undefined; readonly problem: Problem };

export type BatchOutcome =
  | { readonly op: 'create' | 'update' | 'delete'; readonly saved: SavedRecord }
  | { readonly op: 'refused'; readonly id: string | undefined; readonly problem: Problem };

type Refused = Extract<BatchOutcome, { op: 'refused' }>;
type Change = Exclude<BatchOperation, { op: 'refused' }>;

/** An operation with the table and version that its object's key names. */
interface Plan {
  readonly operation: Change;
  readonly id: string;
  readonly table: string;
  readonly version: number;
}

const PUT_CONCURRENCY = 16;

/** Several writes in one request and one transaction. Each has its own outcome; a later one sees what an earlier one did. */
@Injectable()
export class RecordBatch {
  constructor(
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly blobs: RecordBlobs,
    private readonly writer: RecordWriter,
  ) {}

  /** The outcomes in the order of the operations. @throws `upgrade_required`, and `unavailable` when nothing was done */
  async run(
    owner: Principal,
    operations: readonly BatchOperation[],
    signal?: AbortSignal,
  ): Promise<readonly BatchOutcome[]> {
    await this.quota.assertReadable(owner, 'records');
    const plans = await this.planAll(owner, operations);
    const contents = await this.putAll(owner, plans, signal);
    const writes = new Map<Plan, RecordWrite>(
      plans.flatMap((plan) => (isRefused(plan) ? [] : [[plan, writeOf(plan, contents.get(plan))] as const])),
    );
    const saved = await this.commit(owner, [...writes.values()], [...contents.values()]);
    const outcomes = new Map([...writes.keys()].map((plan, index) => [plan, saved[index]]));
    return plans.map((plan) => (isRefused(plan) ? plan : outcomeOf(plan, outcomes.get(plan))));
  }

  /** Refuses what needs no write to be refused. */
  private async planAll(owner: Principal, operations: readonly BatchOperation[]): Promise<(Plan | Refused)[]> {
    const ids = operations.flatMap((operation) => operation.id ?? []);
    const known = new Map<string, { table: string; version: number }>(await this.store.find(owner.userId, ids));
    return operations.map((operation) => {
      try {
        const plan = this.plan(owner, operation, known);
        known.set(plan.id, plan);
        return plan;
      } catch (error) {
        if (error instanceof Problem) return refused(operation.id, error);
        throw error;
      }
    });
  }

  private plan(
    owner: Principal,
    operation: BatchOperation,
    known: ReadonlyMap<string, { table: string; version: number }>,
  ): Plan {
    if (operation.op === 'refused') throw operation.problem;
    if (operation.op !== 'delete') {
      this.quota.assertIncluded(owner, 'records');
      if (checksumOf(operation.bytes) !== operation.checksum) throw new Problem('checksum_mismatch');
    }
    const id = operation.id ?? newId();
    const prior = known.get(id);
    const table = operation.op === 'create' ? operation.table : prior?.table;
    if (table === undefined) throw new Problem('not_found');
    return { operation, id, table, version: (prior?.version ?? 0) + 1 };
  }

  /** Stores all bytes, some concurrently. When the store is down, nothing is kept and the whole batch fails. */
  private async putAll(
    owner: Principal,
    plans: readonly (Plan | Refused)[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<Plan, StoredContent>> {
    const contents = new Map<Plan, StoredContent>();
    const queue = plans.values();
    const work = async (): Promise<void> => {
      for (const plan of queue) {
        if (isRefused(plan) || plan.operation.op === 'delete') continue;
        const { bytes, checksum } = plan.operation;
        const content = { bytes, checksum, size: bytes.length };
        contents.set(plan, await this.blobs.put({ ...plan, userId: owner.userId }, content, signal));
      }
    };
    const settled = await Promise.allSettled(Array.from({ length: PUT_CONCURRENCY }, work));
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (!failed) return contents;
    void this.blobs.release([...contents.values()].map(({ key }) => key));
    throw failed.reason;
  }

  /** Releases the objects of what was refused. Where the outcome is not known they stay, and the sweep decides. */
  private async commit(
    owner: Principal,
    writes: readonly RecordWrite[],
    contents: readonly StoredContent[],
  ): Promise<readonly (SavedRecord | Problem)[]> {
    if (writes.length === 0) return [];
    try {
      const saved = await this.writer.writeAll(owner, writes);
      const unused = writes.flatMap((write, index) =>
        write.op !== 'delete' && saved[index] instanceof Problem ? [write.content.key] : [],
      );
      await this.blobs.release(unused);
      return saved;
    } catch (error) {
      if (isRefusal(error)) await this.blobs.release(contents.map(({ key }) => key));
      throw error;
    }
  }
}

function writeOf({ operation, id, table }: Plan, content: StoredContent | undefined): RecordWrite {
  if (operation.op === 'delete') {
    const { expected, tombstone } = operation;
    return { op: 'delete', id, expected, tombstone };
  }
  if (!content) throw new Error('a write lacks its content');
  return operation.op === 'create'
    ? { op: 'create', id, table, content }
    : { op: 'update', id, content, expected: operation.expected };
}

function outcomeOf({ operation }: Plan, saved: SavedRecord | Problem | undefined): BatchOutcome {
  if (!saved) throw new Error('a batch was answered with fewer outcomes than it has writes');
  return saved instanceof Problem ? refused(operation.id, saved) : { op: operation.op, saved };
}

function refused(id: string | undefined, problem: Problem): Refused {
  return { op: 'refused', id, problem };
}

function isRefused(plan: Plan | Refused): plan is Refused {
  return 'problem' in plan;
}
