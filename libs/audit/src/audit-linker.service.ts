import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database, Log, type Tx } from '@adiuva/platform';
import type { AuditEventRow, AuditHeadRow } from './audit-event.entity';
import { AuditKeys, CHAIN_START, type ChainEnd } from './audit-keys.service';

const BATCH = 500;
const DELAY_MS = 1_000;
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('audit_link'))`;
const UNLINKED = `SELECT id, account, content FROM audit_events WHERE position IS NULL ORDER BY id LIMIT ${BATCH}`;
const ENDS = `SELECT a.account, e.account_position, e.account_link FROM (SELECT DISTINCT unnest($1::bytea[]) AS account) a
  CROSS JOIN LATERAL (SELECT account_position, account_link FROM audit_events WHERE account = a.account AND account_position IS NOT NULL
    ORDER BY account_position DESC LIMIT 1) e`;
const LINK = `UPDATE audit_events e SET position = n.position, link = n.link, account_position = n.account_position, account_link = n.account_link
  FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::integer[], $5::bytea[]) AS n (id, position, link, account_position, account_link)
  WHERE e.id = n.id`;
const MOVE_HEAD = `INSERT INTO audit_head (id, position, link, mac) VALUES (1, $1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET position = excluded.position, link = excluded.link, mac = excluded.mac`;

type Unlinked = Pick<AuditEventRow, 'id' | 'account' | 'content'>;

/** Appends committed events to the chain of their account and to the chain over all, in one order that one transaction at a time decides. */
@Injectable()
export class AuditLinker implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
    private readonly log: Log,
  ) {}

  /** Within a second or two; a job does what a process has left when it ended. */
  linkSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.link().catch((error: unknown) => this.log.warn('audit_link_failed', { error }));
    }, DELAY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  async link(): Promise<void> {
    while ((await this.database.transaction((tx) => this.linkBatch(tx))) === BATCH);
  }

  private async linkBatch(tx: Tx): Promise<number> {
    await tx.query(LOCK);
    const events = await tx.query<Unlinked[]>(UNLINKED);
    if (events.length === 0) return 0;
    let end = await this.headIn(tx);
    const accounts = await accountEnds(tx, events);
    const links = events.map(({ id, account, content }) => {
      const key = account.toString('hex');
      const own = this.keys.accountLink(accounts.get(key) ?? CHAIN_START, content);
      accounts.set(key, own);
      end = this.keys.link(end, account, own);
      return { id, own, end };
    });
    await tx.query(LINK, [
      links.map(({ id }) => id),
      links.map(({ end: { position } }) => position),
      links.map(({ end: { link } }) => link),
      links.map(({ own: { position } }) => position),
      links.map(({ own: { link } }) => link),
    ]);
    await tx.query(MOVE_HEAD, [end.position, end.link, this.keys.head(end)]);
    return events.length;
  }

  /** A forged head is not continued: the hash of the next one would confirm it. */
  private async headIn(tx: Tx): Promise<ChainEnd> {
    const [row] = await tx.query<AuditHeadRow[]>('SELECT * FROM audit_head');
    const end = row ? this.keys.openHead(row) : CHAIN_START;
    if (!end) throw new Error('the head of the audit log is not what the server wrote');
    return end;
  }
}

async function accountEnds(tx: Tx, events: readonly Unlinked[]): Promise<Map<string, ChainEnd>> {
  const rows = await tx.query<{ account: Buffer; account_position: number; account_link: Buffer }[]>(ENDS, [
    events.map(({ account }) => account),
  ]);
  return new Map(
    rows.map((row) => [row.account.toString('hex'), { position: row.account_position, link: row.account_link }]),
  );
}
