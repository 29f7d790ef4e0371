import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/platform';
import { LlmConfig } from './llm.config';
import { Models } from './models.service';

@Module({ providers: [provideSettings(LlmConfig), Models], exports: [LlmConfig, Models] })
export class LlmModule {}
