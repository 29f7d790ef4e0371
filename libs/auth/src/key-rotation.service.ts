import { Injectable } from '@nestjs/common';
import { MailKeyRotation } from '@adiuva/mail';
import { Database, ServerKeys } from '@adiuva/platform';

const BATCH = 200;

/** Moves everything that lasts from MASTER_KEY_PREVIOUS to MASTER_KEY. Safe while servers run that know both keys, and when repeated. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly mails: MailKeyRotation,
  ) {}

  /** How many data keys were wrapped again, and how many were wrapped under MASTER_KEY already. */
  async run(): Promise<{ readonly rewrapped: number; readonly current: number }> {
    const counts = { rewrapped: 0, current: 0 };
    for (let after: string | undefined = '00000000-0000-0000-0000-000000000000'; after !== undefined;) {
      const { last, rewrapped, seen } = await this.batch(after);
      counts.rewrapped += rewrapped;
      counts.current += seen - rewrapped;
      after = last;
    }
    await this.mails.run();
    await this.resealInstallation();
    return counts;
  }

  private batch(after: string): Promise<{ last: string | undefined; rewrapped: number; seen: number }> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ user_id: string; wrapped: Buffer }[]>(
        `SELECT user_id, wrapped FROM user_keys WHERE user_id > $1 ORDER BY user_id LIMIT ${BATCH} FOR UPDATE`,
        [after],
      );
      const resealed = rows.flatMap(({ user_id: id, wrapped }) => {
        const sealed = this.keys.reseal('user-keys', wrapped, id);
        return sealed ? [{ id, sealed }] : [];
      });
      await tx.query(
        `UPDATE user_keys SET wrapped = new.sealed FROM unnest($1::uuid[], $2::bytea[]) AS new (id, sealed) WHERE user_id = new.id`,
        [resealed.map(({ id }) => id), resealed.map(({ sealed }) => sealed)],
      );
      return { last: rows.at(-1)?.user_id, rewrapped: resealed.length, seen: rows.length };
    });
  }

  /** Last, because it is what a start compares MASTER_KEY with. */
  private resealInstallation(): Promise<void> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; keys: Buffer }[]>('SELECT id, keys FROM installation FOR UPDATE');
      for (const { id, keys } of rows) {
        const sealed = this.keys.reseal('installation', keys, id);
        if (sealed) await tx.query('UPDATE installation SET keys = $1', [sealed]);
      }
    });
  }
}
