import { Module } from '@nestjs/common';
import { Quota } from './quota.service';

@Module({ providers: [Quota], exports: [Quota] })
export class QuotaModule {}
