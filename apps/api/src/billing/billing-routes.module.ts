import { Module } from '@nestjs/common';
import { BillingModule } from '@adiuva/billing';
import { BillingController } from './billing.controller';
import { WebhookController } from './webhook.controller';

@Module({ imports: [BillingModule], controllers: [BillingController, WebhookController] })
export class BillingRoutesModule {}
