import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { MicroBatcher, Database, isRolledBack, type Tx } from '@adiuva/platform';
import { limitOf, Quota } from '@adiuva/quota';
import { ChangeNotifier } from '../change-notifier.service';
import { satisfies, type Precondition, type SavedRecord } from './record';
import {
  RecordsStore,
  type LimitedReplacement,
  type Replaced,
  type StoredContent,
  type StoredRecord,
} from './records.store';

/** A write whose bytes, if it has any, are in the blob store already. `old` is the record as it was when somebody looked. */
export type RecordWrite =
  | { readonly op: 'create'; readonly id: string; readonly table: string; readonly content: StoredContent }
  | {
      readonly op: 'update';
      readonly old: StoredRecord;
      readonly content: StoredContent;
      readonly expected: Precondition;
    }
  | {
      readonly op: 'delete';
      readonly old: StoredRecord;
      readonly expected: Precondition;
      readonly tombstone: Buffer | null;
    };

/** Replacements in one journey to the database. */
const MAX_TOGETHER = 64;

/** Something changed between the look and the transaction. */
class Raced extends Error {}

/** Makes writes lasting: quota, row and change feed in one transaction under the lock of the user's ledger. */
@Injectable()
export class RecordWriter {
  private readonly replacements = new MicroBatcher<LimitedReplacement, Replaced>(
    (all) => this.together(all),
    MAX_TOGETHER,
  );

  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly store: RecordsStore,
    private readonly bell: ChangeNotifier,
  ) {}

  /** @throws `quota_exceeded`, `conflict` (a living record has the id), `not_found`, `precondition_failed` */
  async write(owner: Principal, write: RecordWrite): Promise<SavedRecord> {
    const first =
      write.op === 'update'
        ? await this.replace(owner, write.old, write.content)
        : (await this.writeAll(owner, [write]))?.[0];
    if (first) return first;
    const [saved] = await this.afterAnother(owner, write);
    if (!saved) throw new Problem('conflict');
    return saved;
  }

  /** What clients do most, together with what others replace in this moment. Undefined when it could not be done so, and nothing was done. */
  async replace(owner: Principal, old: StoredRecord, content: StoredContent): Promise<StoredRecord | undefined> {
    const { userId, tier } = owner;
    const done = await this.replacements.enqueue({ userId, limit: limitOf(tier, 'records'), old, content });
    if (done) this.bell.notify(owner, old.table, done.position);
    return done?.record;
  }

  /** All of them in their order (no id twice), or none and null: then one of them no longer applies. @throws `quota_exceeded` */
  async writeAll(owner: Principal, writes: readonly RecordWrite[]): Promise<readonly SavedRecord[] | null> {
    try {
      return await this.commit(owner, async (tx) => {
        await this.assertAsSeen(tx, owner, writes);
        return this.enter(tx, owner, writes);
      });
    } catch (error) {
      if (error instanceof Raced) return null;
      throw error;
    }
  }

  /** A fault of one must not be that of the others: where PostgreSQL has refused, each goes its own way. */
  private async together(all: readonly LimitedReplacement[]): Promise<readonly (Replaced | undefined)[]> {
    try {
      return await this.store.replaceMany(all);
    } catch (error) {
      if (isRolledBack(error)) return [];
      throw error;
    }
  }

  /** Somebody was faster: looks again, now under the lock, where nobody can be. */
  private afterAnother(owner: Principal, write: RecordWrite): Promise<readonly SavedRecord[]> {
    if (write.op === 'create') throw new Problem('conflict');
    return this.commit(owner, async (tx) => {
      const old = (await this.underLock(tx, owner, [write.old.id])).get(write.old.id);
      if (!old || old.object === null) throw new Problem('not_found');
      if (!satisfies(old.version, write.expected)) throw new Problem('precondition_failed');
      return this.enter(tx, owner, [{ ...write, old }]);
    });
  }

  /** What goes into the ledger is reckoned from the records as they were seen, so they must still be so. */
  private async assertAsSeen(tx: Tx, owner: Principal, writes: readonly RecordWrite[]): Promise<void> {
    const seen = writes.flatMap((write) => (write.op === 'create' ? [] : [write.old]));
    if (seen.length === 0) return;
    const ids = seen.map(({ id }) => id);
    const now = await this.underLock(tx, owner, ids);
    if (seen.some(({ id, version }) => now.get(id)?.version !== version)) throw new Raced();
  }

  /** The records as they stand, and as they stay until the transaction ends. */
  private async underLock(
    tx: Tx,
    owner: Principal,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, StoredRecord>> {
    await this.quota.charge(tx, owner, 'records', { bytes: 0, count: 0, changes: 0 });
    return this.store.find(owner.userId, ids, tx);
  }

  private async commit(owner: Principal, work: (tx: Tx) => Promise<Entered>): Promise<readonly SavedRecord[]> {
    const { saved, position } = await this.database.transaction(work);
    for (const table of new Set(saved.map((record) => record.table))) this.bell.notify(owner, table, position);
    return saved;
  }

  private async enter(tx: Tx, owner: Principal, writes: readonly RecordWrite[]): Promise<Entered> {
    const { userId } = owner;
    const made = writes.filter((write) => write.op === 'create').length;
    const count = made - writes.filter((write) => write.op === 'delete').length;
    const bytes = writes.reduce((sum, write) => sum + growth(write), 0);
    const entry = await this.quota.charge(tx, owner, 'records', { bytes, count, made, changes: writes.length });
    const placed = place(writes, entry.position - writes.length + 1, entry.made - made + 1);
    const saved = [
      ...(placed.create.length > 0 ? await this.store.insert(tx, userId, placed.create) : []),
      ...(placed.update.length > 0 ? await this.store.update(tx, userId, placed.update) : []),
      ...(placed.delete.length > 0 ? await this.store.delete(tx, userId, placed.delete) : []),
    ];
    if (saved.length !== writes.length) throw new Raced();
    const byId = new Map(saved.map((record) => [record.id, record]));
    return { saved: writes.flatMap((write) => byId.get(idOf(write)) ?? []), position: entry.position };
  }
}

interface Entered {
  /** In the order of the writes. */
  readonly saved: readonly SavedRecord[];
  readonly position: number;
}

interface Placed {
  readonly create: (Extract<RecordWrite, { op: 'create' }> & { ordinal: number; position: number })[];
  readonly update: (Extract<RecordWrite, { op: 'update' }> & { position: number })[];
  readonly delete: (Extract<RecordWrite, { op: 'delete' }> & { position: number })[];
}

/** Gives each write its position, and each new record its ordinal, counting up from the first free ones. */
function place(writes: readonly RecordWrite[], firstPosition: number, firstOrdinal: number): Placed {
  const placed: Placed = { create: [], update: [], delete: [] };
  writes.forEach((write, index) => {
    const position = firstPosition + index;
    if (write.op === 'create') placed.create.push({ ...write, position, ordinal: firstOrdinal + placed.create.length });
    else if (write.op === 'update') placed.update.push({ ...write, position });
    else placed.delete.push({ ...write, position });
  });
  return placed;
}

function growth(write: RecordWrite): number {
  switch (write.op) {
    case 'create':
      return write.content.size;
    case 'update':
      return write.content.size - write.old.sizeBytes;
    case 'delete':
      return -write.old.sizeBytes;
  }
}

export function idOf(write: RecordWrite): string {
  return write.op === 'create' ? write.id : write.old.id;
}
