import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { MailModule } from '@adiuva/mail';
import { TeamAccess } from './team-access.service';
import { TeamInvites } from './team-invites.service';
import { TeamMembers } from './team-members.service';
import { TeamsErasure } from './teams.erasure';
import { Teams } from './teams.service';

@Module({
  imports: [AuthModule, BillingModule, MailModule],
  providers: [TeamAccess, TeamInvites, TeamMembers, Teams, TeamsErasure],
  exports: [TeamInvites, TeamMembers, Teams, TeamsErasure],
})
export class TeamsModule {}
