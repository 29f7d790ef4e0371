import { Module } from '@nestjs/common';
import { Entitlements } from './entitlements.service';

@Module({ providers: [Entitlements], exports: [Entitlements] })
export class BillingModule {}
