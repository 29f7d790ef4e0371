import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { lockLiveUser, UserEncryption } from '@adiuva/auth';
import { TeamSeats } from '@adiuva/billing';
import { Database, isDuplicate } from '@adiuva/platform';
import { alreadyInTeam } from './join-team.store';
import { TeamAccess, type TeamOf } from './team-access.service';
import type { Team } from './team';

/** Teams: made by who pays for a team subscription, one each. */
@Injectable()
export class Teams {
  constructor(
    private readonly database: Database,
    private readonly access: TeamAccess,
    private readonly seats: TeamSeats,
    private readonly encryption: UserEncryption,
  ) {}

  /** @throws `upgrade_required` without a team subscription of one's own, `conflict` for a user who has a team or is in one */
  async create(owner: Principal, name: string): Promise<Team> {
    const paid = await this.seats.subscribed(owner.userId);
    if (paid?.tier !== 'team') throw new Problem('upgrade_required', { members: { required_tier: 'team' } });
    const cipher = await this.encryption.open(owner.userId);
    const id = newId();
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, owner.userId, 'UPDATE');
      const joined = await tx.query<unknown[]>('SELECT 1 FROM team_members WHERE user_id = $1', [owner.userId]);
      if (joined.length > 0) throw alreadyInTeam();
      await tx
        .query('INSERT INTO teams (id, user_id, name) VALUES ($1, $2, $3)', [
          id,
          owner.userId,
          cipher.seal(nameOf(id), name),
        ])
        .catch((error: unknown) => {
          throw isDuplicate(error, 'teams_owner')
            ? new Problem('conflict', { detail: 'There is a team already' })
            : error;
        });
    });
    return this.get(owner, id);
  }

  async mine(caller: Principal): Promise<Team> {
    return this.view(await this.access.mine(caller));
  }

  async get(caller: Principal, id: string): Promise<Team> {
    return this.view(await this.access.get(caller, id));
  }

  async rename(caller: Principal, id: string, name: string): Promise<Team> {
    const team = await this.access.managed(caller, id);
    const cipher = await this.encryption.open(team.user_id);
    await this.database.query('UPDATE teams SET name = $3 WHERE id = $1 AND user_id = $2', [
      id,
      team.user_id,
      cipher.seal(nameOf(id), name),
    ]);
    return this.get(caller, id);
  }

  /** All members are on their own tier afterwards. */
  async delete(caller: Principal, id: string): Promise<void> {
    const team = await this.access.owned(caller, id);
    await this.database.transaction(async (tx) => {
      await tx.query('DELETE FROM teams WHERE id = $1 AND user_id = $2', [id, team.user_id]);
      await this.seats.freeAll(tx, team.user_id, caller.userId);
    });
  }

  private async view(team: TeamOf): Promise<Team> {
    const paid = await this.seats.subscribed(team.user_id);
    const [row] = await this.database.query<{ members: string }>(
      'SELECT count(*) AS members FROM team_members WHERE team_id = $1',
      [team.id],
    );
    const cipher = await this.encryption.open(team.user_id);
    return {
      id: team.id,
      name: cipher.open(nameOf(team.id), team.name),
      ownerId: team.user_id,
      role: team.role,
      seats: paid?.tier === 'team' ? paid.seats : 0,
      members: Number(row?.members ?? 0),
      createdAt: team.created_at,
    };
  }
}

export function nameOf(teamId: string): string {
  return `teams.name|${teamId}`;
}
