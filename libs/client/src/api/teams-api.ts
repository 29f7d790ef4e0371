import type { SsoSettingsDto, TeamDto, TeamInviteDto, TeamMemberDto, TeamSsoDto } from '../generated/types.gen';
import type { Http } from './http';

export type MemberRole = TeamMemberDto['role'];

/** The team of the signed-in user: seats, invites, members. */
export class TeamsApi {
  constructor(private readonly http: Http) {}

  /** Throws `ApiProblem` 402 without a team subscription, 409 when there is a team. */
  create(name: string): Promise<TeamDto> {
    return this.http.json('POST', '/teams', { body: { name }, idempotencyKey: crypto.randomUUID() });
  }

  /** As owner or member. Throws `ApiProblem` 404 without a team. */
  mine(): Promise<TeamDto> {
    return this.http.json('GET', '/teams/mine');
  }

  rename(id: string, name: string): Promise<TeamDto> {
    return this.http.json('PATCH', teamPath(id), { body: { name } });
  }

  /** Members are on their own tier within 5 seconds. */
  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', teamPath(id));
  }

  invites(id: string): Promise<TeamInviteDto[]> {
    return this.http.json('GET', `${teamPath(id)}/invites`);
  }

  /** Mails a link of 7 days. */
  invite(id: string, email: string, role: MemberRole): Promise<TeamInviteDto> {
    return this.http.json('POST', `${teamPath(id)}/invites`, { body: { email, role } });
  }

  async withdrawInvite(id: string, inviteId: string): Promise<void> {
    await this.http.json('DELETE', `${teamPath(id)}/invites/${encodeURIComponent(inviteId)}`);
  }

  /** Takes the token of the mailed link. Throws `ApiProblem` `no_seat`, 404 for a link that is not valid any more. */
  acceptInvite(token: string): Promise<TeamDto> {
    return this.http.json('POST', `/invites/${encodeURIComponent(token)}/accept`);
  }

  members(id: string): Promise<TeamMemberDto[]> {
    return this.http.json('GET', `${teamPath(id)}/members`);
  }

  member(id: string, userId: string): Promise<TeamMemberDto> {
    return this.http.json('GET', `${teamPath(id)}/members/${encodeURIComponent(userId)}`);
  }

  changeRole(id: string, userId: string, role: MemberRole): Promise<TeamMemberDto> {
    return this.http.json('PATCH', `${teamPath(id)}/members/${encodeURIComponent(userId)}`, { body: { role } });
  }

  /** Frees the seat. Members may remove themselves. */
  async removeMember(id: string, userId: string): Promise<void> {
    await this.http.json('DELETE', `${teamPath(id)}/members/${encodeURIComponent(userId)}`);
  }

  /** Throws `ApiProblem` 404 where it was never set. Looks for the TXT records of domains. */
  sso(id: string): Promise<TeamSsoDto> {
    return this.http.json('GET', `${teamPath(id)}/sso`);
  }

  /** For the owner. The response names the TXT record that proves each domain. Throws `ApiProblem` 402, 409, 502. */
  setSso(id: string, settings: SsoSettingsDto): Promise<TeamSsoDto> {
    return this.http.json('PUT', `${teamPath(id)}/sso`, { body: settings });
  }

  async deleteSso(id: string): Promise<void> {
    await this.http.json('DELETE', `${teamPath(id)}/sso`);
  }
}

function teamPath(id: string): string {
  return `/teams/${encodeURIComponent(id)}`;
}
