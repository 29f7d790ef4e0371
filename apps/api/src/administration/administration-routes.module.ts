import { Module } from '@nestjs/common';
import { BillingModule } from '@adiuva/billing';
import { AdminAuditController, AuditController } from './audit.controller';
import { OverviewController } from './overview.controller';
import { UsersController } from './users.controller';

@Module({
  imports: [BillingModule],
  controllers: [AdminAuditController, AuditController, OverviewController, UsersController],
})
export class AdministrationRoutesModule {}
