import { Injectable } from '@nestjs/common';
import { checksumOf, newId, Problem, type Checksum, type Principal } from '@adiuva/kernel';
import { Quota } from '@adiuva/quota';
import { satisfies, type Precondition, type SavedRecord } from './record';
import { RecordBlobs, isRefusal } from './record-blobs.service';
import { RecordWriter, type RecordWrite } from './record-writer.service';
import { Records } from './records.service';
import { RecordsStore, type StoredContent, type StoredRecord } from './records.store';

interface BatchContent {
  readonly bytes: Buffer;
  readonly checksum: Checksum;
}

/** One of up to 500 operations; `refused` is one that could not even be read. */
export type BatchOperation =
  | ({ readonly op: 'create'; readonly id: string | undefined; readonly table: string } & BatchContent)
  | ({ readonly op: 'update'; readonly id: string; readonly expected: Precondition } & BatchContent)
  | { readonly op: 'delete'; readonly id: string; readonly expected: Precondition; readonly tombstone: Buffer | null }
  | { readonly op: 'refused'; readonly id: string | undefined; readonly problem: Problem };

export type BatchOutcome =
  | { readonly op: 'create' | 'update' | 'delete'; readonly saved: SavedRecord }
  | { readonly op: 'refused'; readonly id: string | undefined; readonly problem: Problem };

type Change = Exclude<BatchOperation, { op: 'refused' }>;

const PUTS_AT_ONCE = 16;

/** Several writes in one request. Each stands alone; where none is in the way of another they share one transaction. */
@Injectable()
export class RecordBatch {
  constructor(
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly blobs: RecordBlobs,
    private readonly commits: RecordWriter,
    private readonly records: Records,
  ) {}

  /** The outcomes in the order of the operations. @throws `upgrade_required`, and `unavailable` when nothing was done */
  async run(
    owner: Principal,
    operations: readonly BatchOperation[],
    signal?: AbortSignal,
  ): Promise<readonly BatchOutcome[]> {
    await this.quota.assertReadable(owner, 'records');
    const ids = operations.flatMap((operation) => operation.id ?? []);
    if (new Set(ids).size < ids.length) return this.oneByOne(owner, operations, signal);
    const known = await this.store.find(owner.userId, ids);
    const plans = operations.map((operation) => attempt(operation.id, () => this.plan(owner, operation, known)));
    const drafts = await this.putAll(owner, plans, signal);
    const outcomes = await this.commitAll(owner, drafts);
    this.records.forget(owner, ids);
    return outcomes;
  }

  /** Where an id comes twice, the later operation must see what the earlier one did. */
  private async oneByOne(
    owner: Principal,
    operations: readonly BatchOperation[],
    signal?: AbortSignal,
  ): Promise<BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    for (const operation of operations) {
      outcomes.push(await this.outcome(operation.op, operation.id, () => this.single(owner, operation, signal)));
    }
    return outcomes;
  }

  private single(owner: Principal, operation: BatchOperation, signal?: AbortSignal): Promise<SavedRecord> {
    switch (operation.op) {
      case 'create': {
        const { id, table } = operation;
        return this.records.create(
          owner,
          { ...contentOf(operation), ...(id === undefined ? {} : { id }), table },
          signal,
        );
      }
      case 'update':
        return this.records.replace(owner, operation.id, contentOf(operation), operation.expected, signal);
      case 'delete':
        return this.records.remove(owner, operation.id, operation.expected, operation.tombstone);
      case 'refused':
        throw operation.problem;
    }
  }

  /** Refuses what can be refused before its bytes are stored. */
  private plan(owner: Principal, operation: BatchOperation, known: ReadonlyMap<string, StoredRecord>): Plan {
    if (operation.op === 'refused') throw operation.problem;
    if (operation.op !== 'delete') {
      this.quota.assertIncluded(owner, 'records');
      if (checksumOf(operation.bytes) !== operation.checksum) throw new Problem('checksum_mismatch');
    }
    const id = operation.id ?? newId();
    const old = known.get(id);
    if (operation.op === 'create') {
      if (old && old.object !== null) throw new Problem('conflict', { detail: 'A record has this id' });
      return { operation, id, table: operation.table, version: (old?.version ?? 0) + 1, old };
    }
    if (!old || old.object === null) throw new Problem('not_found');
    if (!satisfies(old.version, operation.expected)) throw new Problem('precondition_failed');
    return { operation, id, table: old.table, version: old.version + 1, old };
  }

  /** Stores all bytes, some at once. When the store is down, nothing is kept and the whole batch fails. */
  private async putAll(
    owner: Principal,
    plans: readonly (Plan | Refused)[],
    signal?: AbortSignal,
  ): Promise<(Draft | Refused)[]> {
    const drafts: (Draft | Refused)[] = plans.map((plan) => plan);
    const stored: StoredContent[] = [];
    const queue = plans.entries();
    const work = async (): Promise<void> => {
      for (const [index, plan] of queue) {
        if ('problem' in plan || plan.operation.op === 'delete') continue;
        const content = await this.blobs.put({ ...plan, userId: owner.userId }, contentOf(plan.operation), signal);
        stored.push(content);
        drafts[index] = { ...plan, content };
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: PUTS_AT_ONCE }, work));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      void this.blobs.release(stored.map((content) => content.key));
      throw failed.reason;
    }
    return drafts;
  }

  private async commitAll(owner: Principal, drafts: readonly (Draft | Refused)[]): Promise<readonly BatchOutcome[]> {
    const writes = drafts.flatMap((draft) => ('problem' in draft ? [] : [writeOf(draft)]));
    const saved = writes.length === 0 ? [] : await this.commits.writeAll(owner, writes).catch(refusedToNull);
    if (saved) {
      const next = saved.values();
      return drafts.map((draft) => ('problem' in draft ? draft : outcomeOf(draft, next.next().value)));
    }
    const outcomes: BatchOutcome[] = [];
    for (const draft of drafts) outcomes.push('problem' in draft ? draft : await this.commitOne(owner, draft));
    return outcomes;
  }

  private commitOne(owner: Principal, draft: Draft): Promise<BatchOutcome> {
    const commit = (): Promise<SavedRecord> => this.commits.write(owner, writeOf(draft));
    const { content } = draft;
    return this.outcome(draft.operation.op, draft.id, () =>
      content ? this.blobs.withCleanup(content, commit) : commit(),
    );
  }

  private async outcome(
    op: BatchOperation['op'],
    id: string | undefined,
    run: () => Promise<SavedRecord>,
  ): Promise<BatchOutcome> {
    try {
      const saved = await run();
      return op === 'refused' ? refused(id, new Problem('internal_error')) : { op, saved };
    } catch (error) {
      if (error instanceof Problem) return refused(id, error);
      throw error;
    }
  }
}

interface Plan {
  readonly operation: Change;
  readonly id: string;
  readonly table: string;
  readonly version: number;
  readonly old: StoredRecord | undefined;
}

interface Draft extends Plan {
  readonly content?: StoredContent;
}

type Refused = Extract<BatchOutcome, { op: 'refused' }>;

function refused(id: string | undefined, problem: Problem): Refused {
  return { op: 'refused', id, problem };
}

function attempt(id: string | undefined, plan: () => Plan): Plan | Refused {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Problem) return refused(id, error);
    throw error;
  }
}

function writeOf({ operation, id, table, old, content }: Draft): RecordWrite {
  if (operation.op === 'create' && content) return { op: 'create', id, table, content };
  if (operation.op === 'update' && content && old) return { op: 'update', old, content, expected: operation.expected };
  if (operation.op === 'delete' && old) {
    const { expected, tombstone } = operation;
    return { op: 'delete', old, expected, tombstone };
  }
  throw new Error('a draft lacks its content or its record');
}

function outcomeOf(draft: Draft, saved: SavedRecord | undefined): BatchOutcome {
  if (!saved) throw new Error('a commit answered with fewer records than it took');
  return { op: draft.operation.op, saved };
}

function contentOf({ bytes, checksum }: BatchContent): { bytes: Buffer; checksum: Checksum; size: number } {
  return { bytes, checksum, size: bytes.length };
}

/** A refusal of the whole may concern only some: they are tried one by one. */
function refusedToNull(error: unknown): null {
  if (isRefusal(error)) return null;
  throw error;
}
