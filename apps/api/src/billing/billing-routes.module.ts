import { Module } from '@nestjs/common';
import { AutomationsModule } from '@adiuva/automations';
import { BillingModule } from '@adiuva/billing';
import { QuotaModule } from '@adiuva/quota';
import { BillingController } from './billing.controller';
import { LockedFeatures } from './locked-features.service';
import { WebhookController } from './webhook.controller';

@Module({
  imports: [AutomationsModule, BillingModule, QuotaModule],
  controllers: [BillingController, WebhookController],
  providers: [LockedFeatures],
})
export class BillingRoutesModule {}
