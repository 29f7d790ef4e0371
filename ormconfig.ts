import { DataSource } from 'typeorm';
import {
  DeviceRow,
  InstallationRow,
  KeyringRow,
  KnownAddressRow,
  RefreshTokenRow,
  SessionRow,
  UserKeyRow,
  UserRow,
} from '@adiuva/auth';
import { AUTOMATION_ENTITIES } from '@adiuva/automations';
import { BACKUP_ENTITIES } from '@adiuva/backup';
import { BILLING_ENTITIES } from '@adiuva/billing';
import { SpentContinuationRow } from '@adiuva/chat';
import { TokenUsageRow } from '@adiuva/llm';
import { MARKETPLACE_ENTITIES } from '@adiuva/marketplace';
import { DatabaseConfig, Environment } from '@adiuva/config';
import { dataSourceOptions, IdempotencyKeyRow, OrphanedObjectRow, type Entities } from '@adiuva/platform';
import { UsageRow } from '@adiuva/quota';
import { STORAGE_ENTITIES } from '@adiuva/storage';
import { RUNS_ENTITIES } from '@adiuva/runs';
import { VectorCollectionRow, VectorItemRow } from '@adiuva/vectors';

/** Every table of the product that TypeORM knows; a test holds them against the migrations. */
export const ENTITIES: Entities = [
  IdempotencyKeyRow,
  OrphanedObjectRow,
  InstallationRow,
  UserRow,
  UserKeyRow,
  KnownAddressRow,
  SessionRow,
  RefreshTokenRow,
  KeyringRow,
  DeviceRow,
  ...BILLING_ENTITIES,
  UsageRow,
  ...STORAGE_ENTITIES,
  VectorCollectionRow,
  VectorItemRow,
  ...MARKETPLACE_ENTITIES,
  SpentContinuationRow,
  TokenUsageRow,
  ...BACKUP_ENTITIES,
  ...RUNS_ENTITIES,
  ...AUTOMATION_ENTITIES,
];

/** For TypeORM's own command line, against the database of `DATABASE_URL`. */
export function commandLineSource(environment = Environment.ofProcess()): DataSource {
  const config = new DatabaseConfig(environment);
  return new DataSource(dataSourceOptions(config.DATABASE_URL ?? '', ENTITIES, config.DATABASE_POOL));
}
