import { Injectable } from '@nestjs/common';
import { Problem, type Checksum, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { advance, BEGINNING, formatCursor, isExpired, parseCursor, type FeedCursor } from './feed-cursor';
import { changesStatement } from '../records/record-statements';

export interface RecordChange {
  readonly id: string;
  readonly table: string;
  readonly version: number;
  /** Null for a deletion. */
  readonly checksum: Checksum | null;
  readonly deleted: boolean;
  /** Of a deletion: what the client sealed to prove it, where it did. */
  readonly tombstone: Buffer | null;
  readonly updatedAt: Date;
}

export interface FeedPage {
  readonly changes: readonly RecordChange[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

export interface FeedRequest {
  /** As the last page gave it; left out, the reader starts at the beginning. */
  readonly cursor?: string;
  readonly table?: string;
  readonly limit: number;
}

interface ChangeFields {
  readonly last: string;
  readonly floor: string;
  readonly position: string | null;
  readonly record_id: string;
  readonly table_name: string;
  readonly version: number;
  readonly checksum: Buffer | null;
  readonly tombstone: Buffer | null;
  readonly changed_at: Date;
}

/** Every change of a user's records once, in the order of their commits. */
@Injectable()
export class ChangeFeed {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
  ) {}

  /** @throws `upgrade_required`, `validation_failed` for what is no cursor, `cursor_expired` when the reader must start again without one */
  async read(owner: Principal, request: FeedRequest): Promise<FeedPage> {
    const from = cursorOf(request.cursor);
    await this.quota.assertReadable(owner, 'records');
    const rows = await this.database.query<ChangeFields>(changesStatement(request.table !== undefined), [
      owner.userId,
      from.position,
      request.limit + 1,
      request.table ?? null,
    ]);
    const state = { last: Number(rows[0]?.last ?? 0), floor: Number(rows[0]?.floor ?? 0) };
    if (isExpired(from, state)) throw new Problem('cursor_expired');
    const found = rows.filter((row) => row.position !== null);
    const page = found.slice(0, request.limit);
    const hasMore = found.length > page.length;
    // Without more changes the snapshot has shown all up to the user's last position, whatever their kind.
    const position = hasMore ? Number(page.at(-1)?.position) : state.last;
    return { changes: page.map(changeOf), cursor: formatCursor(advance(from, position, state)), hasMore };
  }
}

function cursorOf(text: string | undefined): FeedCursor {
  const cursor = text === undefined ? BEGINNING : parseCursor(text);
  if (!cursor)
    throw new Problem('validation_failed', { errors: [{ field: 'cursor', message: 'is no cursor of this feed' }] });
  return cursor;
}

function changeOf(row: ChangeFields): RecordChange {
  return {
    id: row.record_id,
    table: row.table_name,
    version: row.version,
    checksum: row.checksum?.toString('hex') ?? null,
    deleted: row.checksum === null,
    tombstone: row.tombstone,
    updatedAt: row.changed_at,
  };
}
