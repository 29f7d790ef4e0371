import { Injectable } from '@nestjs/common';
import { newId, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import type {
  AuditAction,
  AuditDetails,
  AuditEvent,
  AuditFilter,
  AuditPage,
  AuditPageRequest,
  NewAuditEvent,
} from './audit-event';
import { AuditKeys } from './audit-keys.service';
import { AuditLinker } from './audit-linker.service';

const INSERT = `INSERT INTO audit_events (id, action, user_id, actor_id, details, at, account, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
const FIELDS = 'id, action, user_id AS "userId", actor_id AS "actorId", details, at';
/** Each read by its own index, from the newest. */
const OWN = ['user_id = $1', 'actor_id = $1'];
const WHERE = [
  `($1::uuid IS NULL OR actor_id = $1) AND ($2::text IS NULL OR action = $2)
  AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)`,
];

/** What happened to accounts, who did it and when. Append-only; the verifier names a row that was forged, removed or moved. */
@Injectable()
export class Audit {
  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
    private readonly linker: AuditLinker,
  ) {}

  /** Part of the transaction of what it records. Takes no lock: events are linked after the commit. */
  async record(tx: Tx, { action, userId, actorId, details = {} }: NewAuditEvent): Promise<void> {
    const event: AuditEvent = { id: newId(), action, userId, actorId, details, at: new Date() };
    const account = this.keys.account(userId ?? actorId);
    const content = this.keys.content(event);
    const values = [event.id, action, userId, actorId, JSON.stringify(details), event.at, account, content];
    await tx.query(INSERT, values);
    this.database.onCommit(tx, () => this.linker.linkSoon());
  }

  /** An event that the user has caused on the own account. */
  recordOwn(tx: Tx, userId: string, action: AuditAction, details: AuditDetails = {}): Promise<void> {
    return this.record(tx, { action, userId, actorId: userId, details });
  }

  /** Of the user's account, and what the user did to others; newest first. */
  list({ userId }: Principal, page: AuditPageRequest): Promise<AuditPage> {
    return this.page(OWN, [userId], page);
  }

  /** Of all accounts, for administrators; newest first. */
  search({ actor, action, from, to }: AuditFilter, page: AuditPageRequest): Promise<AuditPage> {
    return this.page(WHERE, [actor ?? null, action ?? null, from ?? null, to ?? null], page);
  }

  /** A page costs the same wherever it is: nothing is counted and nothing skipped. */
  private async page(
    conditions: readonly string[],
    values: readonly unknown[],
    { after, limit }: AuditPageRequest,
  ): Promise<AuditPage> {
    const older = after === undefined ? '' : `AND id < $${values.length + 1}`;
    const parts = conditions.map(
      (condition) =>
        `(SELECT ${FIELDS} FROM audit_events WHERE ${condition} ${older} ORDER BY id DESC LIMIT ${limit + 1})`,
    );
    const found = await this.database.query<AuditEvent>(
      `SELECT * FROM (${parts.join(' UNION ')}) AS found ORDER BY id DESC LIMIT ${limit + 1}`,
      after === undefined ? values : [...values, after],
    );
    const events = found.slice(0, limit);
    return { events, next: found.length > limit ? (events.at(-1)?.id ?? null) : null };
  }
}
