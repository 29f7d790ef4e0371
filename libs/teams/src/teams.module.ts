import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { MailModule } from '@adiuva/mail';
import { AuthorizationRequests } from './sso/authorization-requests.service';
import { DomainProofs } from './sso/domain-proof.service';
import { OpenIdProviders } from './sso/openid-provider.adapter';
import { SsoAccounts } from './sso/sso-accounts.service';
import { SsoCodes } from './sso/sso-codes.store';
import { SsoConfig } from './sso/sso.config';
import { SsoConnections } from './sso/sso-connections.store';
import { SsoEnforcement } from './sso/sso-enforcement.service';
import { SsoExchange } from './sso/sso-exchange.service';
import { SsoSettingsService } from './sso/sso-settings.service';
import { SsoSignIn } from './sso/sso-sign-in.service';
import { DnsTxtRecords } from './sso/txt-records.dns.adapter';
import { TxtRecords } from './sso/txt-records.port';
import { TeamAccess } from './team-access.service';
import { TeamInvites } from './team-invites.service';
import { TeamMembers } from './team-members.service';
import { TeamsErasure } from './teams.erasure';
import { TeamsJobs } from './teams.jobs';
import { Teams } from './teams.service';

const SSO = [
  AuthorizationRequests,
  DomainProofs,
  OpenIdProviders,
  SsoAccounts,
  SsoCodes,
  SsoConnections,
  SsoEnforcement,
  SsoExchange,
  SsoSettingsService,
  SsoSignIn,
];

@Module({
  imports: [AuthModule, BillingModule, MailModule],
  providers: [
    provideSettings(SsoConfig),
    { provide: TxtRecords, useClass: DnsTxtRecords },
    ...SSO,
    TeamAccess,
    TeamInvites,
    TeamMembers,
    Teams,
    TeamsErasure,
    TeamsJobs,
  ],
  exports: [SsoExchange, SsoSettingsService, SsoSignIn, TeamInvites, TeamMembers, Teams, TeamsErasure, TeamsJobs],
})
export class TeamsModule {}
