export { MEMBER_ROLES, type MemberRole, type Team, type TeamInvite, type TeamMember } from './team';
export { TeamInvites } from './team-invites.service';
export { TeamMembers } from './team-members.service';
export { TEAMS_ENTITIES } from './teams.entities';
export { TeamsErasure } from './teams.erasure';
export { TeamsModule } from './teams.module';
export { Teams } from './teams.service';
