import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';
import type { AuditEventRow } from './audit-event.entity';
import { AuditKeys } from './audit-keys.service';

const REDACT = `UPDATE audit_events e SET user_id = NULL, actor_id = NULL, details = NULL, redaction = n.redaction
  FROM unnest($1::uuid[], $2::bytea[]) AS n (id, redaction) WHERE e.id = n.id`;

/** Removes ids and details from the events of an account. The hashes stay, so that the chains stay whole. */
@Injectable()
export class AuditErasure {
  constructor(private readonly keys: AuditKeys) {}

  /** What the user did to others as an administrator remains attributable. */
  async erase(tx: Tx, userId: string): Promise<void> {
    const rows = await tx.query<Pick<AuditEventRow, 'id' | 'action' | 'at' | 'content'>[]>(
      `SELECT id, action, at, content FROM audit_events WHERE COALESCE(user_id, actor_id) = $1 FOR UPDATE`,
      [userId],
    );
    const redactions = rows.map((row) => this.keys.redaction(row));
    await tx.query(REDACT, [rows.map(({ id }) => id), redactions]);
  }
}
