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

/** What an export reads, of every lib. */
export const EXPORT_SERVICES = {
  ...{ accounts: Accounts, sessions: Sessions, devices: Devices, passkeys: Passkeys, keyrings: Keyrings },
  ...{ secondFactor: SecondFactor, audit: Audit, billing: Billing, providers: OwnProviders },
  ...{ teams: Teams, members: TeamMembers },
  ...{ goals: Goals, dags: Dags, agents: CustomAgents, memories: Memories, runs: Runs },
  ...{ projects: Projects, files: ProjectFiles },
  ...{ notifications: Notifications, channels: Channels, preferences: NotificationPreferences },
  ...{ records: Records, collections: Collections, feed: VectorFeed, backups: Backups },
  ...{ authors: AuthorPlugins, customers: CustomerRecords },
};

export type ExportServices = {
  readonly [K in keyof typeof EXPORT_SERVICES]: InstanceType<(typeof EXPORT_SERVICES)[K]>;
};
