import { Module } from '@nestjs/common';
import { TeamsModule } from '@adiuva/teams';
import { InvitesController } from './invites.controller';
import { SsoController } from './sso.controller';
import { SsoSignInController } from './sso-sign-in.controller';
import { TeamsController } from './teams.controller';

@Module({
  imports: [TeamsModule],
  controllers: [TeamsController, InvitesController, SsoController, SsoSignInController],
})
export class TeamsRoutesModule {}
