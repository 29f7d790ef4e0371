import { Injectable } from '@nestjs/common';
import { TeamSeats } from '@adiuva/billing';
import type { Tx } from '@adiuva/platform';

/** Deletes the user's team with its members, invites and provider, and the user from the team of another. */
@Injectable()
export class TeamsErasure {
  constructor(private readonly seats: TeamSeats) {}

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM teams WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM team_invites WHERE inviter_id = $1', [userId]);
    await tx.query('DELETE FROM team_members WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM sso_identities WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM sso_codes WHERE user_id = $1', [userId]);
    await this.seats.erase(tx, userId);
  }
}
