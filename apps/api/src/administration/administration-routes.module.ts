import { Module } from '@nestjs/common';
import { BillingModule } from '@adiuva/billing';
import { AuditController } from './audit.controller';
import { OverviewController } from './overview.controller';
import { UsersController } from './users.controller';

@Module({ imports: [BillingModule], controllers: [AuditController, OverviewController, UsersController] })
export class AdministrationRoutesModule {}
