import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { VectorsModule } from '@adiuva/vectors';
import { JobsModule } from '../../../worker/src/jobs.module';
import { HealthController } from './health.controller';
import { Readiness } from './readiness.service';

@Module({
  imports: [JobsModule, LlmModule, VectorsModule],
  controllers: [HealthController],
  providers: [Readiness],
  exports: [Readiness],
})
export class HealthRoutesModule {}
