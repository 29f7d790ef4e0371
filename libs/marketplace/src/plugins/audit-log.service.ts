import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Audit, type AuditAction, type AuditDetails } from '@adiuva/audit';
import { lockLiveUser } from '@adiuva/auth';
import type { Tx } from '@adiuva/platform';

/** Actions of administrators on plugins and payouts, in the audit log. */
@Injectable()
export class AuditLog {
  constructor(private readonly audit: Audit) {}

  async note(
    tx: Tx,
    admin: Principal,
    action: AuditAction,
    subject: string,
    details: AuditDetails = {},
  ): Promise<void> {
    await lockLiveUser(tx, admin.userId);
    await this.audit.record(tx, { action, userId: null, actorId: admin.userId, details: { subject, ...details } });
  }
}
