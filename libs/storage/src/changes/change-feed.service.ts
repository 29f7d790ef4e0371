import { Injectable } from '@nestjs/common';
import { Problem, type Checksum, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { Installation } from '@adiuva/auth';
import { advance, assertCurrent, cursorEpoch, formatCursor, parseCursor, Quota } from '@adiuva/quota';
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
    private readonly installation: Installation,
  ) {}

  /** @throws `upgrade_required`, `validation_failed` for what is no cursor, `cursor_expired` when the reader must start again without one */
  async read(owner: Principal, request: FeedRequest): Promise<FeedPage> {
    const from = parseCursor(request.cursor);
    await this.quota.assertReadable(owner, 'records');
    const rows = await this.database.query<ChangeFields>(changesStatement(request.table !== undefined), [
      owner.userId,
      from.position,
      request.limit + 1,
      request.table ?? null,
    ]);
    const last = Number(rows[0]?.last ?? 0);
    const epoch = cursorEpoch(await this.installation.epoch());
    const state = { floor: Number(rows[0]?.floor ?? 0), epoch };
    assertCurrent(from, state);
    if (from.position > last) throw new Problem('cursor_expired');
    const found = rows.filter((row) => row.position !== null);
    const page = found.slice(0, request.limit);
    const hasMore = found.length > page.length;
    // Without more changes the snapshot has shown all up to the user's last position, whatever their kind.
    const position = hasMore ? Number(page.at(-1)?.position) : last;
    return { changes: page.map(changeOf), cursor: formatCursor(advance(from, { position }, state)), hasMore };
  }
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
