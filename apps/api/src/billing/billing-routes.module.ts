import { Module } from '@nestjs/common';
import { AutomationsModule } from '@adiuva/automations';
import { BillingModule } from '@adiuva/billing';
import { ProvidersModule } from '@adiuva/providers';
import { QuotaModule } from '@adiuva/quota';
import { TeamsModule } from '@adiuva/teams';
import { BillingController } from './billing.controller';
import { LockedFeatures } from './locked-features.service';
import { WebhookController } from './webhook.controller';

@Module({
  imports: [AutomationsModule, BillingModule, ProvidersModule, QuotaModule, TeamsModule],
  controllers: [BillingController, WebhookController],
  providers: [LockedFeatures],
})
export class BillingRoutesModule {}
