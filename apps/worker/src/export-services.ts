import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { Accounts, Devices, Keyrings, Passkeys, SecondFactor, Sessions } from '@adiuva/auth';
import { CustomAgents, Dags, Goals, Memories } from '@adiuva/automations';
import { Backups } from '@adiuva/backup';
import { Billing } from '@adiuva/billing';
import { AuthorPlugins, CustomerRecords } from '@adiuva/marketplace';
import { Channels, NotificationPreferences, Notifications } from '@adiuva/notifications';
import { ProjectFiles, Projects } from '@adiuva/projects';
import { OwnProviders } from '@adiuva/providers';
import { Runs } from '@adiuva/runs';
import { Records } from '@adiuva/storage';
import { TeamMembers, Teams } from '@adiuva/teams';
import { Collections, VectorFeed } from '@adiuva/vectors';

@Injectable()
class AccountReaders {
  constructor(
    readonly accounts: Accounts,
    readonly sessions: Sessions,
    readonly devices: Devices,
    readonly passkeys: Passkeys,
    readonly keyrings: Keyrings,
    readonly secondFactor: SecondFactor,
  ) {}
}

@Injectable()
class AutomationReaders {
  constructor(
    readonly goals: Goals,
    readonly dags: Dags,
    readonly agents: CustomAgents,
    readonly memories: Memories,
  ) {}
}

@Injectable()
class AppReaders {
  constructor(
    readonly notifications: Notifications,
    readonly channels: Channels,
    readonly preferences: NotificationPreferences,
    readonly projects: Projects,
    readonly files: ProjectFiles,
  ) {}
}

@Injectable()
class OpaqueReaders {
  constructor(
    readonly records: Records,
    readonly collections: Collections,
    readonly feed: VectorFeed,
    readonly backups: Backups,
  ) {}
}

@Injectable()
class PlatformReaders {
  constructor(
    readonly audit: Audit,
    readonly billing: Billing,
    readonly providers: OwnProviders,
    readonly runs: Runs,
    readonly authors: AuthorPlugins,
    readonly customers: CustomerRecords,
  ) {}
}

@Injectable()
class TeamReaders {
  constructor(
    readonly teams: Teams,
    readonly members: TeamMembers,
  ) {}
}

/** The readers of every lib, by area. */
@Injectable()
export class ExportServices {
  readonly auth: AccountReaders;
  readonly automations: AutomationReaders;
  readonly notifications: Pick<AppReaders, 'notifications' | 'channels' | 'preferences'>;
  readonly projects: Pick<AppReaders, 'projects' | 'files'>;
  readonly storage: Records;
  readonly vectors: Pick<OpaqueReaders, 'collections' | 'feed'>;
  readonly backups: Backups;
  readonly audit: Audit;
  readonly billing: Billing;
  readonly teams: TeamReaders;
  readonly providers: OwnProviders;
  readonly runs: Runs;
  readonly marketplace: Pick<PlatformReaders, 'authors' | 'customers'>;

  constructor(
    auth: AccountReaders,
    automations: AutomationReaders,
    app: AppReaders,
    opaque: OpaqueReaders,
    platform: PlatformReaders,
    teams: TeamReaders,
  ) {
    this.auth = auth;
    this.automations = automations;
    this.notifications = app;
    this.projects = app;
    this.storage = opaque.records;
    this.vectors = opaque;
    this.backups = opaque.backups;
    this.audit = platform.audit;
    this.billing = platform.billing;
    this.teams = teams;
    this.providers = platform.providers;
    this.runs = platform.runs;
    this.marketplace = platform;
  }
}

export const EXPORT_READERS = [
  AccountReaders,
  AutomationReaders,
  AppReaders,
  OpaqueReaders,
  PlatformReaders,
  TeamReaders,
  ExportServices,
];
