import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes the provider keys of a user. */
@Injectable()
export class ProvidersErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM own_providers WHERE user_id = $1', [userId]);
  }
}
