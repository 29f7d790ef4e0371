import { Module } from '@nestjs/common';
import { TeamsModule } from '@adiuva/teams';
import { InvitesController } from './invites.controller';
import { TeamsController } from './teams.controller';

@Module({ imports: [TeamsModule], controllers: [TeamsController, InvitesController] })
export class TeamsRoutesModule {}
