import { Module } from '@nestjs/common';
import { AuditModule } from '@adiuva/audit';
import { AuthModule } from '@adiuva/auth';
import { LlmModule } from '@adiuva/llm';
import { BaseUrls } from './base-urls.service';
import { OwnProviders } from './own-providers.service';
import { ProvidersErasure } from './providers.erasure';

@Module({
  imports: [AuditModule, AuthModule, LlmModule],
  providers: [BaseUrls, OwnProviders, ProvidersErasure],
  exports: [OwnProviders, ProvidersErasure],
})
export class ProvidersModule {}
