import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Accounts } from '@adiuva/auth';
import { TeamSeats } from '@adiuva/billing';
import { Database, returnedRows } from '@adiuva/platform';
import { TeamAccess } from './team-access.service';
import { TeamInvites } from './team-invites.service';
import type { MemberRole, TeamMember } from './team';
import type { TeamMemberRow } from './team.entity';

const MAX_MEMBERS = 500;

/** Members of a team, without the owner. Each has a seat. */
@Injectable()
export class TeamMembers {
  constructor(
    private readonly database: Database,
    private readonly access: TeamAccess,
    private readonly accounts: Accounts,
    private readonly seats: TeamSeats,
    private readonly invites: TeamInvites,
  ) {}

  /** In the order in which they joined. */
  async list(caller: Principal, teamId: string): Promise<TeamMember[]> {
    const team = await this.access.get(caller, teamId);
    const rows = await this.database.query<TeamMemberRow>(
      `SELECT * FROM team_members WHERE team_id = $1 ORDER BY joined_at, user_id LIMIT ${MAX_MEMBERS}`,
      [team.id],
    );
    return this.describe(team.user_id, rows);
  }

  async get(caller: Principal, teamId: string, userId: string): Promise<TeamMember> {
    const team = await this.access.get(caller, teamId);
    const rows = await this.database.query<TeamMemberRow>(
      'SELECT * FROM team_members WHERE team_id = $1 AND user_id = $2',
      [team.id, userId],
    );
    const [member] = await this.describe(team.user_id, rows);
    if (!member) throw new Problem('not_found');
    return member;
  }

  async changeRole(caller: Principal, teamId: string, userId: string, role: MemberRole): Promise<TeamMember> {
    await this.database.transaction(async (tx) => {
      const team = await this.access.managed(caller, teamId, tx);
      const changed = await returnedRows(
        tx,
        'UPDATE team_members SET role = $3 WHERE team_id = $1 AND user_id = $2 RETURNING user_id',
        [team.id, userId, role],
      );
      if (changed.length === 0) throw new Problem('not_found');
      if (role === 'member') await this.invites.withdrawSentBy(tx, team.id, userId);
    });
    return this.get(caller, teamId, userId);
  }

  /**
   * Frees the seat. Members may remove themselves. Invites go first, those that the member has sent and those to the member's address, so that
   * an acceptance in progress is waited for.
   */
  async remove(caller: Principal, teamId: string, userId: string): Promise<void> {
    const access = caller.userId === userId ? 'get' : 'managed';
    await this.access[access](caller, teamId);
    const { email } = await this.get(caller, teamId, userId);
    await this.database.transaction(async (tx) => {
      const team = await this.access[access](caller, teamId, tx);
      await this.invites.withdrawSentBy(tx, team.id, userId);
      await this.invites.withdrawSentTo(tx, team, email);
      const removed = await returnedRows(
        tx,
        'DELETE FROM team_members WHERE team_id = $1 AND user_id = $2 RETURNING user_id',
        [team.id, userId],
      );
      if (removed.length === 0) throw new Problem('not_found');
      await this.seats.free(tx, userId, caller.userId);
    });
  }

  private async describe(ownerId: string, rows: readonly TeamMemberRow[]): Promise<TeamMember[]> {
    const holders = await this.seats.holders(ownerId);
    const members: TeamMember[] = [];
    for (const { user_id: userId, role, joined_at: joinedAt } of rows) {
      const account = await this.accounts.get(userId).catch(undefinedWhenErased);
      if (!account) continue;
      members.push({ userId, email: account.email, name: account.name, role, active: holders.has(userId), joinedAt });
    }
    return members;
  }
}

/** Of an account. */
export function undefinedWhenErased(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
}
