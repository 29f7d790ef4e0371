import { Problem } from '@adiuva/kernel';
import type { TeamSeats } from '@adiuva/billing';
import { isDuplicate, type Tx } from '@adiuva/platform';
import type { MemberRole } from './team';

interface Membership {
  readonly teamId: string;
  readonly ownerId: string;
  readonly role: MemberRole;
}

/** Makes a member and takes a seat. Under the lock of the user, who does not create a team meanwhile. @throws `no_seat`, `conflict` for a user who is in a team */
export async function joinTeam(tx: Tx, seats: TeamSeats, team: Membership, userId: string): Promise<void> {
  const own = await tx.query<unknown[]>('SELECT 1 FROM teams WHERE user_id = $1', [userId]);
  if (own.length > 0) throw alreadyInTeam();
  await tx
    .query('INSERT INTO team_members (user_id, team_id, role) VALUES ($1, $2, $3)', [userId, team.teamId, team.role])
    .catch((error: unknown) => {
      throw isDuplicate(error, 'team_members_pk') ? alreadyInTeam() : error;
    });
  await seats.take(tx, team.ownerId, userId);
}

/** A user is in one team, as its owner or as a member. */
export function alreadyInTeam(): Problem {
  return new Problem('conflict', { detail: 'You are in a team already' });
}
