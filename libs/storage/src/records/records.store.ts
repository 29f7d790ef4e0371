import { Injectable } from '@nestjs/common';
import type { Checksum, Page, PageRequest } from '@adiuva/kernel';
import { Database, parseKey, type BlobKey, type Tx } from '@adiuva/platform';
import type { RecordSummary, SavedRecord } from './record';
import { DELETE, FIND, INSERT, pageStatement, REPLACE, UPDATE } from './record-statements';

/** A record as it stands; a tombstone has no object. */
export interface StoredRecord extends RecordSummary {
  readonly object: BlobKey | null;
}

/** A blob that is in the store and shall become a record's content. */
export interface StoredContent {
  readonly key: BlobKey;
  readonly size: number;
  readonly sha256: Checksum;
}

export interface Insertion {
  readonly id: string;
  readonly table: string;
  readonly content: StoredContent;
  readonly ordinal: number;
  readonly position: number;
}

export interface Replacement {
  readonly old: StoredRecord;
  readonly content: StoredContent;
  readonly position: number;
}

export interface LimitedReplacement extends Omit<Replacement, 'position'> {
  readonly userId: string;
  /** What the user's records and vectors may come to, in bytes; null without a limit. */
  readonly limit: number | null;
}

export interface Replaced {
  readonly record: StoredRecord;
  readonly position: number;
}

export interface Removal {
  readonly old: StoredRecord;
  readonly tombstone: Buffer | null;
  readonly position: number;
}

export interface SavedFields {
  readonly id: string;
  readonly table_name: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface ReplacedFields {
  readonly place: number;
  readonly entered: string;
  readonly saved_at: Date;
}

interface RecordFields extends SavedFields {
  readonly checksum: Buffer;
  readonly size_bytes: string;
}

interface StoredFields extends RecordFields {
  readonly object_key: string | null;
  readonly deleted: boolean;
}

/**
 * Rows of records, their changes and counts. What writes takes several at once and answers with those that applied: an insertion
 * where no record lived, a replacement or removal where the version was still the old one. The caller holds the user's ledger.
 */
@Injectable()
export class RecordsStore {
  constructor(private readonly database: Database) {}

  /** The records of these ids, tombstones included; `tx` to see them as they stand under the ledger's lock. */
  async find(userId: string, ids: readonly string[], tx?: Tx): Promise<ReadonlyMap<string, StoredRecord>> {
    const rows = tx
      ? await tx.query<StoredFields[]>(FIND, [userId, ids])
      : await this.database.prepared<StoredFields>(FIND, [userId, ids]);
    return new Map(
      rows.map((row) => [
        row.id,
        { ...summary(row), object: row.object_key === null ? null : parseKey(row.object_key) },
      ]),
    );
  }

  insert(tx: Tx, userId: string, records: readonly Insertion[]): Promise<readonly SavedRecord[]> {
    return this.write(tx, INSERT, [
      userId,
      records.map((record) => record.id),
      records.map((record) => record.table),
      records.map((record) => bytesOf(record.content)),
      records.map((record) => record.content.size),
      records.map((record) => record.content.key),
      records.map((record) => record.ordinal),
      records.map((record) => record.position),
    ]);
  }

  update(tx: Tx, userId: string, records: readonly Replacement[]): Promise<readonly SavedRecord[]> {
    return this.write(tx, UPDATE, [
      userId,
      records.map((record) => record.old.id),
      records.map((record) => record.old.version),
      records.map((record) => bytesOf(record.content)),
      records.map((record) => record.content.size),
      records.map((record) => record.content.key),
      records.map((record) => record.old.object),
      records.map((record) => record.position),
    ]);
  }

  delete(tx: Tx, userId: string, records: readonly Removal[]): Promise<readonly SavedRecord[]> {
    return this.write(tx, DELETE, [
      userId,
      records.map((record) => record.old.id),
      records.map((record) => record.old.version),
      records.map((record) => record.old.object),
      records.map((record) => record.position),
      records.map((record) => record.tombstone),
    ]);
  }

  /**
   * Replaces single records of several users, each with its entry in the ledger and in a place of its own in the answer; undefined where it does
   * not apply, or where it would have had to wait for another writer of that user. Each is a transaction by its effect, all are one by their commit.
   */
  async replaceMany(replacements: readonly LimitedReplacement[]): Promise<readonly (Replaced | undefined)[]> {
    const rows = await this.database.prepared<ReplacedFields>(REPLACE, [
      replacements.map(({ userId }) => userId),
      replacements.map(({ limit }) => limit),
      replacements.map(({ old }) => old.id),
      replacements.map(({ old }) => old.version),
      replacements.map(({ content }) => bytesOf(content)),
      replacements.map(({ content }) => content.size),
      replacements.map(({ old }) => old.sizeBytes),
      replacements.map(({ content }) => content.key),
      replacements.map(({ old }) => old.object),
    ]);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return replacements.map(({ old, content }, index) => {
      const row = byPlace.get(index + 1);
      return row && { record: replaced(old, content, row.saved_at), position: Number(row.entered) };
    });
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

  private async write(tx: Tx, statement: string, parameters: readonly unknown[]): Promise<readonly SavedRecord[]> {
    return (await tx.query<SavedFields[]>(statement, [...parameters])).map(saved);
  }
}

function replaced(old: StoredRecord, { key, size, sha256 }: StoredContent, updatedAt: Date): StoredRecord {
  return { ...old, version: old.version + 1, checksum: sha256, sizeBytes: size, object: key, updatedAt };
}

function saved(row: SavedFields): SavedRecord {
  return {
    id: row.id,
    table: row.table_name,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function summary(row: RecordFields): RecordSummary {
  return { ...saved(row), checksum: row.checksum.toString('hex'), sizeBytes: Number(row.size_bytes) };
}

function bytesOf(content: StoredContent): Buffer {
  return Buffer.from(content.sha256, 'hex');
}
