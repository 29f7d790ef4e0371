import { SpentSsoStateRow, SsoCodeRow, SsoConnectionRow, SsoDomainRow, SsoIdentityRow } from './sso/sso.entity';
import { TeamInviteRow, TeamMemberRow, TeamRow } from './team.entity';

export const TEAMS_ENTITIES = [
  TeamRow,
  TeamMemberRow,
  TeamInviteRow,
  SsoConnectionRow,
  SsoDomainRow,
  SsoIdentityRow,
  SsoCodeRow,
  SpentSsoStateRow,
] as const;
