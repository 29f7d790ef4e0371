import { TeamInviteRow, TeamMemberRow, TeamRow } from './team.entity';

export const TEAMS_ENTITIES = [TeamRow, TeamMemberRow, TeamInviteRow] as const;
