import { Module } from '@nestjs/common';
import { BillingModule } from '@adiuva/billing';
import { Doctor } from '@adiuva/doctor';
import { AdminAuditController, AuditController } from './audit.controller';
import { DoctorController } from './doctor.controller';
import { OverviewController } from './overview.controller';
import { UsersController } from './users.controller';

@Module({
  imports: [BillingModule],
  controllers: [AdminAuditController, AuditController, DoctorController, OverviewController, UsersController],
  providers: [Doctor],
})
export class AdministrationRoutesModule {}
