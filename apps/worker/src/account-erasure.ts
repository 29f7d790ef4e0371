import type { FactoryProvider } from '@nestjs/common';
import { AuditErasure } from '@adiuva/audit';
import { accountErasureHandler, AuthErasure, ErasureMarks, type RowOwner, type UserDataOwner } from '@adiuva/auth';
import { AutomationsErasure } from '@adiuva/automations';
import { BackupErasure } from '@adiuva/backup';
import { BillingErasure } from '@adiuva/billing';
import { ChatErasure } from '@adiuva/chat';
import { ExportsErasure } from '@adiuva/exports';
import { LlmErasure } from '@adiuva/llm';
import { MailErasure } from '@adiuva/mail';
import { MarketplaceErasure } from '@adiuva/marketplace';
import { NotificationsErasure } from '@adiuva/notifications';
import { Database, Idempotency, jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { ProjectsErasure } from '@adiuva/projects';
import { ProvidersErasure } from '@adiuva/providers';
import { StorageErasure } from '@adiuva/storage';
import { TeamsErasure } from '@adiuva/teams';
import { VectorErasure } from '@adiuva/vectors';
import { z } from 'zod';

const REPEAT_ERASURES = jobKind('repeat_erasures', z.unknown());

/** Everything that holds data of a user, in the order of erasure; a test proves that no table is missing. */
export class AccountErasure {
  constructor(readonly handlers: readonly JobHandler[]) {}
}

/** Storage after vectors and backups: it deletes the usage that they count. */
const OBJECTS = [VectorErasure, BackupErasure, StorageErasure, ExportsErasure, Idempotency];
/** Runs before projects: a step that ends locks in this order. The row of the account last: others refer to it. */
const ROWS = [
  MarketplaceErasure,
  ChatErasure,
  LlmErasure,
  ProvidersErasure,
  AutomationsErasure,
  ProjectsErasure,
  NotificationsErasure,
  TeamsErasure,
  BillingErasure,
  MailErasure,
  AuditErasure,
  AuthErasure,
];

class RowOwners {
  constructor(readonly all: readonly RowOwner[]) {}
}

const ROW_OWNERS: FactoryProvider<RowOwners> = {
  provide: RowOwners,
  useFactory: (...owners: readonly RowOwner[]) => new RowOwners(owners),
  inject: ROWS,
};

const ACCOUNT_ERASURE: FactoryProvider<AccountErasure> = {
  provide: AccountErasure,
  useFactory: (
    database: Database,
    billing: BillingErasure,
    rows: RowOwners,
    marks: ErasureMarks,
    ...objects: readonly UserDataOwner[]
  ) =>
    new AccountErasure([
      accountErasureHandler(
        database,
        [marks, { erase: (userId) => billing.eraseAtStripe(userId) }, ...objects],
        rows.all,
      ),
      jobHandler(REPEAT_ERASURES, async (_, signal) => void (await marks.repeat(signal)), '*/10 * * * *'),
    ]),
  inject: [Database, BillingErasure, RowOwners, ErasureMarks, ...OBJECTS],
};

export const ERASURE_PROVIDERS = [ROW_OWNERS, ACCOUNT_ERASURE];
