import { Problem } from '@adiuva/kernel';
import type { TeamSeats } from '@adiuva/billing';
import { isDuplicate, type Tx } from '@adiuva/platform';
import type { MemberRole } from './team';

interface Membership {
  readonly teamId: string;
  readonly ownerId: string;
  readonly role: MemberRole;
}

/** Makes a member and takes a seat. @throws `no_seat`, `conflict` for a user who is in a team */
export async function joinTeam(tx: Tx, seats: TeamSeats, team: Membership, userId: string): Promise<void> {
  if (team.ownerId === userId) throw alreadyInTeam();
  await tx
    .query('INSERT INTO team_members (user_id, team_id, role) VALUES ($1, $2, $3)', [userId, team.teamId, team.role])
    .catch((error: unknown) => {
      throw isDuplicate(error, 'team_members_pk') ? alreadyInTeam() : error;
    });
  await seats.take(tx, team.ownerId, userId);
}

function alreadyInTeam(): Problem {
  return new Problem('conflict', { detail: 'You are in a team already' });
}
