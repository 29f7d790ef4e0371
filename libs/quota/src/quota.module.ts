import { Module } from '@nestjs/common';
import { QuotaMetrics } from './quota.metrics';
import { Quota } from './quota.service';

@Module({ providers: [Quota, QuotaMetrics], exports: [Quota] })
export class QuotaModule {}
