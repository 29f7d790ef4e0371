import { DataSource } from 'typeorm';
import { AUDIT_ENTITIES } from '@adiuva/audit';
import { AUTH_ENTITIES } from '@adiuva/auth';
import { AUTOMATION_ENTITIES } from '@adiuva/automations';
import { BACKUP_ENTITIES } from '@adiuva/backup';
import { BILLING_ENTITIES } from '@adiuva/billing';
import { CHAT_ENTITIES } from '@adiuva/chat';
import { DatabaseConfig, Environment } from '@adiuva/config';
import { EXPORTS_ENTITIES } from '@adiuva/exports';
import { GATEWAY_ENTITIES } from '@adiuva/gateway';
import { LLM_ENTITIES } from '@adiuva/llm';
import { MAIL_ENTITIES } from '@adiuva/mail';
import { MARKETPLACE_ENTITIES } from '@adiuva/marketplace';
import { NOTIFICATION_ENTITIES } from '@adiuva/notifications';
import { dataSourceOptions, PLATFORM_ENTITIES, type Entities } from '@adiuva/platform';
import { PROVIDERS_ENTITIES } from '@adiuva/providers';
import { QUOTA_ENTITIES } from '@adiuva/quota';
import { RUNS_ENTITIES } from '@adiuva/runs';
import { PROJECTS_ENTITIES } from '@adiuva/projects';
import { STORAGE_ENTITIES } from '@adiuva/storage';
import { TEAMS_ENTITIES } from '@adiuva/teams';
import { TELEMETRY_ENTITIES } from '@adiuva/telemetry';
import { VECTORS_ENTITIES } from '@adiuva/vectors';

/** Every table of the product that TypeORM knows; a test holds them against the migrations. */
export const ENTITIES: Entities = [
  ...PLATFORM_ENTITIES,
  ...AUDIT_ENTITIES,
  ...AUTH_ENTITIES,
  ...MAIL_ENTITIES,
  ...BILLING_ENTITIES,
  ...TEAMS_ENTITIES,
  ...QUOTA_ENTITIES,
  ...STORAGE_ENTITIES,
  ...VECTORS_ENTITIES,
  ...MARKETPLACE_ENTITIES,
  ...CHAT_ENTITIES,
  ...LLM_ENTITIES,
  ...PROVIDERS_ENTITIES,
  ...BACKUP_ENTITIES,
  ...RUNS_ENTITIES,
  ...AUTOMATION_ENTITIES,
  ...PROJECTS_ENTITIES,
  ...NOTIFICATION_ENTITIES,
  ...GATEWAY_ENTITIES,
  ...EXPORTS_ENTITIES,
  ...TELEMETRY_ENTITIES,
];

/** For TypeORM's own command line, against the database of `DATABASE_URL`. */
export function commandLineSource(environment = Environment.ofProcess()): DataSource {
  const config = new DatabaseConfig(environment);
  return new DataSource(dataSourceOptions(config.DATABASE_URL ?? '', ENTITIES, config.DATABASE_POOL));
}
