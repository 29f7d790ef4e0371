import { Injectable } from '@nestjs/common';
import { newId, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';

export type AdminDetails = Readonly<Record<string, string | number | boolean | null>>;

export interface AdminAction {
  readonly id: string;
  readonly adminId: string;
  readonly action: string;
  readonly subject: string;
  readonly details: AdminDetails;
  readonly at: Date;
}

/** Actions of administrators, written in the transaction of the action. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  async note(tx: Tx, admin: Principal, action: string, subject: string, details: AdminDetails = {}): Promise<void> {
    await lockLiveUser(tx, admin.userId);
    await tx.query('INSERT INTO admin_actions (id, admin_id, action, subject, details) VALUES ($1, $2, $3, $4, $5)', [
      newId(),
      admin.userId,
      action,
      subject,
      JSON.stringify(details),
    ]);
  }

  /** Newest first. */
  async list({ page, limit }: PageRequest): Promise<Page<AdminAction>> {
    const items = await this.database.query<AdminAction>(
      `SELECT id, admin_id AS "adminId", action, subject, details, at FROM admin_actions ORDER BY id DESC LIMIT $1 OFFSET $2`,
      [limit, (page - 1) * limit],
    );
    const [count] = await this.database.query<{ total: number }>('SELECT count(*)::int AS total FROM admin_actions');
    return { items, total: count?.total ?? 0 };
  }
}
