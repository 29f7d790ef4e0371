import { Injectable } from '@nestjs/common';
import { Problem, type Checksum, type Page, type PageRequest, type Precondition, type Principal } from '@adiuva/kernel';
import { Database, MicroBatcher, parseKey, type BlobKey } from '@adiuva/platform';
import { accountErased, limitOf, quotaExceeded } from '@adiuva/quota';
import type { RecordSummary, SavedRecord } from './record';
import { FIND, pageStatement, WRITE } from './record-statements';

/** A record as it is stored; a tombstone has no object. */
export interface StoredRecord extends RecordSummary {
  readonly object: BlobKey | null;
}

/** A blob that is in the store and shall become a record's content. */
export interface StoredContent {
  readonly key: BlobKey;
  readonly size: number;
  readonly sha256: Checksum;
}

/** A write whose bytes, if it has any, are in the blob store already. */
export type RecordWrite =
  | { readonly op: 'create'; readonly id: string; readonly table: string; readonly content: StoredContent }
  | { readonly op: 'update'; readonly id: string; readonly content: StoredContent; readonly expected: Precondition }
  | {
      readonly op: 'delete';
      readonly id: string;
      readonly expected: Precondition;
      /** Opaque, for the change feed. */
      readonly tombstone: Buffer | null;
    };

export interface OwnedWrite {
  readonly owner: Principal;
  readonly write: RecordWrite;
}

export interface WrittenRecord {
  readonly record: SavedRecord;
  /** Of the change in the user's feed. */
  readonly position: number;
}

interface RecordFields {
  readonly id: string;
  readonly table_name: string;
  readonly version: number;
  readonly checksum: Buffer;
  readonly size_bytes: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface StoredFields extends RecordFields {
  readonly user_id: string;
  readonly object_key: string | null;
}

interface Lookup {
  readonly userId: string;
  readonly id: string;
}

interface WrittenFields {
  readonly outcome: 'ok' | 'busy' | 'erased' | 'conflict' | 'not_found' | 'precondition_failed' | 'exceeded';
  readonly saved_version: number;
  readonly saved_table: string;
  readonly made_at: Date;
  readonly saved_at: Date;
  readonly last_position: string;
  readonly used_bytes: string;
}

/** Lookups that share a statement. */
const MAX_LOOKUPS = 64;

/** Rows of records, their changes and counts. */
@Injectable()
export class RecordsStore {
  private readonly lookups = new MicroBatcher<Lookup, StoredRecord | null>(
    (lookups) => this.findTogether(lookups),
    MAX_LOOKUPS,
  );

  constructor(private readonly database: Database) {}

  /** The record of this id, which may be a tombstone. Concurrent lookups, of any users, share a round trip. */
  async findOne(userId: string, id: string): Promise<StoredRecord | undefined> {
    const shared = await this.lookups.enqueue({ userId, id });
    return shared === undefined ? (await this.find(userId, [id])).get(id) : (shared ?? undefined);
  }

  /** The records of these ids, tombstones included. */
  async find(userId: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
    const rows = await this.rowsOf(ids.map((id) => ({ userId, id })));
    return new Map(rows.map((row) => [row.id, stored(row)]));
  }

  /**
   * Carries out writes in their order, all in one transaction; a refusal is its own write's alone. Without `wait` a write whose user is locked
   * by another transaction is `busy`; with `wait` all must be of one user.
   */
  async write(writes: readonly OwnedWrite[], wait: boolean): Promise<(WrittenRecord | Problem | 'busy')[]> {
    const rows = await this.database.preparedWrite<WrittenFields>(WRITE, [wait, JSON.stringify(writes.map(fieldsOf))]);
    return writes.map((write, index) => outcomeOf(write, rows[index]));
  }

  private async findTogether(lookups: readonly Lookup[]): Promise<readonly (StoredRecord | null)[]> {
    const rows = await this.rowsOf(lookups);
    return lookups.map(({ userId, id }) => {
      const row = rows.find((found) => found.id === id && found.user_id === userId);
      return row ? stored(row) : null;
    });
  }

  private rowsOf(lookups: readonly Lookup[]): Promise<StoredFields[]> {
    const columns = [lookups.map(({ userId }) => userId), lookups.map(({ id }) => id)];
    return this.database.prepared<StoredFields>(FIND, columns);
  }

  /** In the order in which they were made. */
  async page(userId: string, table: string | undefined, { page, limit }: PageRequest): Promise<Page<RecordSummary>> {
    const rows = await this.database.query<{ total: string } & (RecordFields | { id: null })>(
      pageStatement(table !== undefined),
      [userId, table ?? null, (page - 1) * limit, limit],
    );
    return {
      items: rows.flatMap((row) => (row.id === null ? [] : [summary(row)])),
      total: Number(rows[0]?.total ?? 0),
    };
  }
}

/** As `WRITE` takes it. A record that must exist in any version needs no condition: only a creation is written where there is none. */
function fieldsOf({ owner, write }: OwnedWrite): object {
  const content = write.op === 'delete' ? null : write.content;
  return {
    user: owner.userId,
    limit: limitOf(owner.tier, 'records'),
    op: write.op,
    id: write.id,
    table: write.op === 'create' ? write.table : null,
    versions: write.op === 'create' || write.expected === 'any' ? null : write.expected,
    checksum: content?.sha256 ?? null,
    size: content?.size ?? 0,
    key: content?.key ?? null,
    tombstone: write.op === 'delete' ? (write.tombstone?.toString('hex') ?? null) : null,
  };
}

function outcomeOf({ owner, write }: OwnedWrite, row: WrittenFields | undefined): WrittenRecord | Problem | 'busy' {
  if (!row) throw new Error('the database answered with fewer outcomes than there were writes');
  const { outcome } = row;
  if (outcome === 'busy') return outcome;
  if (outcome === 'erased') return accountErased();
  if (outcome === 'exceeded') return quotaExceeded(limitOf(owner.tier, 'records') ?? 0, Number(row.used_bytes));
  if (outcome === 'conflict') return new Problem(outcome, { detail: 'A record has this id' });
  if (outcome !== 'ok') return new Problem(outcome);
  const record = {
    id: write.id,
    table: row.saved_table,
    version: row.saved_version,
    createdAt: row.made_at,
    updatedAt: row.saved_at,
  };
  return { record, position: Number(row.last_position) };
}

function stored(row: StoredFields): StoredRecord {
  return { ...summary(row), object: row.object_key === null ? null : parseKey(row.object_key) };
}

function summary(row: RecordFields): RecordSummary {
  return {
    id: row.id,
    table: row.table_name,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    checksum: row.checksum.toString('hex'),
    sizeBytes: Number(row.size_bytes),
  };
}
