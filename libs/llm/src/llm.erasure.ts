import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes the token counts of a user. */
@Injectable()
export class LlmErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM token_usage WHERE user_id = $1', [userId]);
  }
}
