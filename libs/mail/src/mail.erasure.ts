import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes the mails of a user that are not delivered yet. */
@Injectable()
export class MailErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM mails WHERE user_id = $1', [userId]);
  }
}
