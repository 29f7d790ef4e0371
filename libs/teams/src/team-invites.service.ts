import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidField, newId, Problem, type Principal } from '@adiuva/kernel';
import { emailError, lockLiveUser, normalEmail, UserEncryption, type UserCipher } from '@adiuva/auth';
import { TeamSeats } from '@adiuva/billing';
import type { MailLanguage } from '@adiuva/mail';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { InviteMails } from './invite-mails.service';
import { joinTeam } from './join-team.store';
import { TeamAccess, type TeamOf } from './team-access.service';
import type { MemberRole, TeamInvite } from './team';
import type { TeamInviteRow } from './team.entity';
import { nameOf } from './teams.service';

const TOKEN_BYTES = 32;
const LIFE_DAYS = 7;
const MAX_INVITES = 200;

interface AcceptedInvite {
  readonly team_id: string;
  readonly owner_id: string;
  readonly role: MemberRole;
}

/** The seats of a team and how their takers are invited. */
@Injectable()
export class TeamInvites {
  constructor(
    private readonly database: Database,
    private readonly access: TeamAccess,
    private readonly seats: TeamSeats,
    private readonly encryption: UserEncryption,
    private readonly mails: InviteMails,
  ) {}

  async list(caller: Principal, teamId: string): Promise<TeamInvite[]> {
    const team = await this.access.managed(caller, teamId);
    const cipher = await this.encryption.open(team.user_id);
    const rows = await this.database.query<TeamInviteRow>(
      `SELECT * FROM team_invites WHERE team_id = $1 AND expires_at > now() ORDER BY id LIMIT ${MAX_INVITES}`,
      [teamId],
    );
    return rows.map((row) => viewOf(cipher, row));
  }

  /**
   * Mails a link of 7 days. The response does not depend on whether the address has an account. @throws `validation_failed`, `conflict` beyond
   * 200 open invites or where one to the address is open, `rate_limited`
   */
  async create(
    caller: Principal,
    teamId: string,
    invite: { readonly email: string; readonly role: MemberRole },
    language: MailLanguage,
  ): Promise<TeamInvite> {
    const team = await this.access.managed(caller, teamId);
    const paid = await this.seats.subscribed(team.user_id);
    if (paid?.tier !== 'team') throw new Problem('upgrade_required', { members: { required_tier: 'team' } });
    const error = emailError(invite.email);
    if (error) throw invalidField('email', error);
    await this.mails.check(teamId, invite.email);
    const cipher = await this.encryption.open(team.user_id);
    const [id, token] = [newId(), randomBytes(TOKEN_BYTES).toString('base64url')];
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, team.user_id, 'UPDATE');
      await this.access.managed(caller, teamId, tx);
      await assertNew(tx, cipher, teamId, invite.email);
      const [row] = await tx.query<TeamInviteRow[]>(
        `INSERT INTO team_invites (id, team_id, hash, email, role, inviter_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => ${LIFE_DAYS})) RETURNING *`,
        [id, teamId, hashOf(token), cipher.seal(emailOf(id), invite.email), invite.role, caller.userId],
      );
      if (!row) throw new Error('an insert returns its row');
      const name = cipher.open(nameOf(teamId), team.name);
      await this.mails.send(tx, team.user_id, { to: invite.email, team: name, token, language });
      return viewOf(cipher, row);
    });
  }

  /** @throws `not_found` */
  async delete(caller: Principal, teamId: string, inviteId: string): Promise<void> {
    await this.access.managed(caller, teamId);
    const deleted = await this.database.transaction((tx) =>
      returnedRows(tx, 'DELETE FROM team_invites WHERE id = $1 AND team_id = $2 RETURNING id', [inviteId, teamId]),
    );
    if (deleted.length === 0) throw new Problem('not_found');
  }

  /** Of a member who may no longer invite. */
  async withdrawSentBy(tx: Tx, teamId: string, userId: string): Promise<void> {
    await tx.query('DELETE FROM team_invites WHERE team_id = $1 AND inviter_id = $2', [teamId, userId]);
  }

  /** To the address of a member who leaves: no second link leads back into the team. */
  async withdrawSentTo(tx: Tx, { id, user_id: ownerId }: TeamOf, email: string): Promise<void> {
    const cipher = await this.encryption.openIn(tx, ownerId);
    const rows = await tx.query<TeamInviteRow[]>('SELECT * FROM team_invites WHERE team_id = $1', [id]);
    const invites = rows.map((row) => viewOf(cipher, row));
    const theirs = invites.filter((invite) => normalEmail(invite.email) === normalEmail(email));
    await tx.query('DELETE FROM team_invites WHERE id = ANY ($1)', [theirs.map((invite) => invite.id)]);
  }

  /**
   * Takes a seat. The token is used once; where no seat is free it stays valid. Returns the team.
   * @throws `not_found` for an unknown, used or expired token, `no_seat`, `conflict` for a user who is in a team
   */
  async accept(caller: Principal, token: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId, 'UPDATE');
      const [invite] = await returnedRows<AcceptedInvite>(
        tx,
        `DELETE FROM team_invites i USING teams t WHERE i.hash = $1 AND i.expires_at > now() AND t.id = i.team_id
         RETURNING i.team_id, t.user_id AS owner_id, i.role`,
        [hashOf(token)],
      );
      if (!invite) throw new Problem('not_found');
      const { team_id: teamId, owner_id: ownerId, role } = invite;
      await joinTeam(tx, this.seats, { teamId, ownerId, role }, caller.userId);
      return invite.team_id;
    });
  }
}

/** The lock of the owner makes this decide: addresses are sealed, so no index tells them apart. */
async function assertNew(tx: Tx, cipher: UserCipher, teamId: string, email: string): Promise<void> {
  await tx.query('DELETE FROM team_invites WHERE team_id = $1 AND expires_at < now()', [teamId]);
  const open = await tx.query<TeamInviteRow[]>('SELECT * FROM team_invites WHERE team_id = $1', [teamId]);
  if (open.length >= MAX_INVITES) throw new Problem('conflict', { detail: 'There are too many open invites' });
  const isOpen = open.some((row) => normalEmail(viewOf(cipher, row).email) === normalEmail(email));
  if (isOpen) throw new Problem('conflict', { detail: 'An invite to this address is open' });
}

function viewOf(cipher: UserCipher, row: TeamInviteRow): TeamInvite {
  return {
    id: row.id,
    email: cipher.open(emailOf(row.id), row.email),
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function emailOf(inviteId: string): string {
  return `team_invites.email|${inviteId}`;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
