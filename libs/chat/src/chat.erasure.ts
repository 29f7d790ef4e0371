import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes the ids of spent continuations, all that is stored of chats. */
@Injectable()
export class ChatErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM spent_continuations WHERE user_id = $1', [userId]);
  }
}
