import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import type { AuditEventRow, AuditHeadRow } from './audit-event.entity';
import { AuditKeys, CHAIN_START, type ChainEnd } from './audit-keys.service';
import { AuditLinker } from './audit-linker.service';

const BATCH = 1_000;
const LINKED = `SELECT * FROM audit_events WHERE position > $1 ORDER BY position LIMIT ${BATCH}`;
const UNLINKED = `SELECT * FROM audit_events WHERE position IS NULL AND id > $1 ORDER BY id LIMIT ${BATCH}`;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The first broken link. `position` is its place in the chain; `id` is null where the row is missing. */
export interface AuditFault {
  readonly position: number | null;
  readonly id: string | null;
  readonly reason: 'missing' | 'forged' | 'moved' | 'head';
}

/** Compare `events` and `link` with a report that was kept elsewhere, to notice a database that was set back. */
export interface AuditReport {
  readonly events: number;
  /** The hash of the whole chain, hexadecimal. */
  readonly link: string;
  readonly fault: AuditFault | null;
}

/** Computes both chains again and names the first row that does not fit. */
@Injectable()
export class AuditVerifier {
  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
    private readonly linker: AuditLinker,
  ) {}

  async verify(): Promise<AuditReport> {
    const chain = new ChainCheck(this.keys);
    let fault = await this.check(chain);
    if (!fault) {
      await this.linker.link();
      fault = await this.check(chain);
    }
    const { position, link } = chain.end;
    return { events: position, link: link.toString('hex'), fault };
  }

  /** From where `chain` ends. Unlinked rows are checked before the linker takes them over. */
  private async check(chain: ChainCheck): Promise<AuditFault | null> {
    for (;;) {
      const rows = await this.database.query<AuditEventRow>(LINKED, [chain.end.position]);
      for (const row of rows) {
        const fault = chain.append(row);
        if (fault) return fault;
      }
      if (rows.length < BATCH) break;
    }
    const [head] = await this.database.query<AuditHeadRow>('SELECT * FROM audit_head');
    return this.headFault(chain, head) ?? this.unlinkedFault(chain);
  }

  private headFault({ end }: ChainCheck, head: AuditHeadRow | undefined): AuditFault | null {
    if (!head) return end.position === 0 ? null : { position: null, id: null, reason: 'head' };
    const stored = this.keys.openHead(head);
    if (!stored) return { position: null, id: null, reason: 'head' };
    // Events that were linked since the last batch are behind the head.
    return stored.position > end.position ? { position: end.position + 1, id: null, reason: 'missing' } : null;
  }

  private async unlinkedFault(chain: ChainCheck): Promise<AuditFault | null> {
    for (let after = NO_ID; ;) {
      const rows = await this.database.query<AuditEventRow>(UNLINKED, [after]);
      const forged = rows.find((row) => !chain.isGenuine(row));
      if (forged) return { position: null, id: forged.id, reason: 'forged' };
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return null;
      after = last.id;
    }
  }
}

class ChainCheck {
  end: ChainEnd = CHAIN_START;
  private readonly accounts = new Map<string, ChainEnd>();

  constructor(private readonly keys: AuditKeys) {}

  append(row: AuditEventRow): AuditFault | null {
    const position = this.end.position + 1;
    if (Number(row.position) !== position) return { position, id: null, reason: 'missing' };
    if (!this.isGenuine(row)) return { position, id: row.id, reason: 'forged' };
    const account = row.account.toString('hex');
    const own = this.keys.accountLink(this.accounts.get(account) ?? CHAIN_START, row.content);
    const end = this.keys.link(this.end, row.account, own);
    const fits =
      own.position === row.account_position && row.account_link?.equals(own.link) && row.link?.equals(end.link);
    if (!fits) return { position, id: row.id, reason: 'moved' };
    this.accounts.set(account, own);
    this.end = end;
    return null;
  }

  /** What is stored is what the server has written, or has removed when it erased the account. */
  isGenuine(row: AuditEventRow): boolean {
    const { user_id: userId, actor_id: actorId } = row;
    if (row.redaction) {
      const empty = userId === null && actorId === null && row.details === null;
      return empty && row.redaction.equals(this.keys.redaction(row));
    }
    return (
      row.content.equals(this.keys.content({ ...row, userId, actorId })) &&
      row.account.equals(this.keys.account(userId ?? actorId))
    );
  }
}
