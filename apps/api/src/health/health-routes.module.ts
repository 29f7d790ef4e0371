import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { HealthController } from './health.controller';
import { Readiness } from './readiness.service';

@Module({ imports: [LlmModule], controllers: [HealthController], providers: [Readiness], exports: [Readiness] })
export class HealthRoutesModule {}
