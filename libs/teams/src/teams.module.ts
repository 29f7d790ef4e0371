import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { AuditModule } from '@adiuva/audit';
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
import { SsoDomains } from './sso/sso-domains.service';
import { SsoEnforcement } from './sso/sso-enforcement.service';
import { SsoEvents } from './sso/sso-events.service';
import { SsoExchange } from './sso/sso-exchange.service';
import { SsoSettingsService } from './sso/sso-settings.service';
import { SsoSignIn } from './sso/sso-sign-in.service';
import { DnsTxtRecords } from './sso/txt-records.dns.adapter';
import { TxtRecords } from './sso/txt-records.port';
import { InviteMails } from './invite-mails.service';
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
  SsoDomains,
  SsoEnforcement,
  SsoEvents,
  SsoExchange,
  SsoSettingsService,
  SsoSignIn,
];

@Module({
  imports: [AuditModule, AuthModule, BillingModule, MailModule],
  providers: [
    provideSettings(SsoConfig),
    { provide: TxtRecords, useClass: DnsTxtRecords },
    ...SSO,
    InviteMails,
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
