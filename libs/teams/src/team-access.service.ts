import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, type Reader } from '@adiuva/platform';
import type { MemberRole } from './team';

export interface TeamOf {
  readonly id: string;
  readonly user_id: string;
  readonly name: Buffer;
  readonly created_at: Date;
  readonly role: MemberRole | 'owner';
}

const SELECT = `SELECT t.*, CASE WHEN t.user_id = $1 THEN 'owner' ELSE m.role END AS role
  FROM teams t LEFT JOIN team_members m ON m.team_id = t.id AND m.user_id = $1
  WHERE (t.user_id = $1 OR m.user_id = $1)`;

/** Which team a user is in and what they may do there. For others the team does not exist. */
@Injectable()
export class TeamAccess {
  constructor(private readonly database: Database) {}

  async mine({ userId }: Principal): Promise<TeamOf> {
    const [team] = await this.database.query<TeamOf>(`${SELECT} ORDER BY t.user_id = $1 DESC LIMIT 1`, [userId]);
    if (!team) throw new Problem('not_found');
    return team;
  }

  /** @throws `not_found` to users outside of the team */
  async get({ userId }: Principal, teamId: string, reader?: Reader): Promise<TeamOf> {
    const query = `${SELECT} AND t.id = $2`;
    const [team] = reader
      ? await reader.query<TeamOf[]>(query, [userId, teamId])
      : await this.database.query<TeamOf>(query, [userId, teamId]);
    if (!team) throw new Problem('not_found');
    return team;
  }

  /** As owner or as member. */
  async isIn(teamId: string, userId: string): Promise<boolean> {
    const rows = await this.database.query<TeamOf>(`${SELECT} AND t.id = $2`, [userId, teamId]);
    return rows.length === 1;
  }

  /** @throws `not_found` to users outside of the team, `forbidden` to members */
  async managed(caller: Principal, teamId: string, reader?: Reader): Promise<TeamOf> {
    const team = await this.get(caller, teamId, reader);
    if (team.role === 'member') throw new Problem('forbidden');
    return team;
  }

  /** @throws `not_found` to users outside of the team, `forbidden` to everyone but the owner */
  async owned(caller: Principal, teamId: string): Promise<TeamOf> {
    const team = await this.get(caller, teamId);
    if (team.role !== 'owner') throw new Problem('forbidden');
    return team;
  }
}
