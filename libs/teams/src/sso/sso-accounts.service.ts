import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Accounts } from '@adiuva/auth';
import { TeamSeats } from '@adiuva/billing';
import { Database, isDuplicate, ServerKeys, type Tx } from '@adiuva/platform';
import { joinTeam } from '../join-team.store';
import { TeamAccess } from '../team-access.service';
import type { Person } from './openid-provider.adapter';
import { SsoConnections, type SsoConnection } from './sso-connections.store';
import { domainOf } from './sso-domain';

/**
 * Which account a person of a provider signs in to. Afterwards the link is by `sub`; the address is used once. An account that exists is
 * linked only where it is in the team and its address is confirmed: the provider of a team decides about members, not about other people.
 */
@Injectable()
export class SsoAccounts {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly accounts: Accounts,
    private readonly access: TeamAccess,
    private readonly seats: TeamSeats,
    private readonly connections: SsoConnections,
  ) {}

  /** The id of the account. @throws `forbidden`, `email_unverified`, `no_seat`, `conflict` */
  async resolve(connection: SsoConnection, person: Person): Promise<string> {
    const { teamId, provider } = connection;
    const subject = this.keys.hmac('account-index', `sso-subject|${provider.issuer}|${person.subject}`);
    const [linked] = await this.database.query<{ user_id: string }>(
      'SELECT user_id FROM sso_identities WHERE team_id = $1 AND subject = $2',
      [teamId, subject],
    );
    if (linked) return this.member(teamId, linked.user_id);
    const email = await this.confirmedAddress(teamId, person);
    const { userId } = await this.accounts.lookUp(email);
    if (userId === undefined) return this.create(connection, subject, email, person.name);
    await this.member(teamId, userId);
    if (!(await this.accounts.get(userId)).emailVerified) throw new Problem('email_unverified');
    await this.database.transaction((tx) => link(tx, teamId, subject, userId));
    return userId;
  }

  private async confirmedAddress(teamId: string, { email, emailVerified }: Person): Promise<string> {
    const domain = email === undefined ? undefined : domainOf(email);
    if (email === undefined || domain === undefined || !(await this.connections.hasProved(teamId, domain)))
      throw refused('The address is not in a domain that the team has proved');
    if (!emailVerified) throw refused('The provider has not verified the address');
    return email;
  }

  /** The user, where the user is in the team. */
  private async member(teamId: string, userId: string): Promise<string> {
    if (!(await this.access.isIn(teamId, userId))) throw refused('The account is not in the team; an invite is needed');
    return userId;
  }

  private create(
    { teamId, ownerId }: SsoConnection,
    subject: Buffer,
    email: string,
    name: string | undefined,
  ): Promise<string> {
    return this.database.transaction(async (tx) => {
      const userId = await this.accounts.createVerified(tx, email, name);
      await joinTeam(tx, this.seats, { teamId, ownerId, role: 'member' }, userId);
      await link(tx, teamId, subject, userId);
      return userId;
    });
  }
}

/** A second person with the address of a first one is not the same person. */
async function link(tx: Tx, teamId: string, subject: Buffer, userId: string): Promise<void> {
  await tx
    .query('INSERT INTO sso_identities (team_id, subject, user_id) VALUES ($1, $2, $3)', [teamId, subject, userId])
    .catch((error: unknown) => {
      const isOther = isDuplicate(error, 'sso_identities_user') || isDuplicate(error, 'sso_identities_pk');
      throw isOther ? refused('The account belongs to another person of the provider') : error;
    });
}

function refused(detail: string): Problem {
  return new Problem('forbidden', { detail });
}
