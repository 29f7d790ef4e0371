import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes the ids of spent continuations, and the streams that could still be resumed, with their parts. */
@Injectable()
export class ChatErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM spent_continuations WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM chat_streams WHERE user_id = $1', [userId]);
  }
}
