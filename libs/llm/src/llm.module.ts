import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { LlmConfig } from './llm.config';
import { Models } from './models.service';
import { TokenBudget } from './budget/token-budget.service';

@Module({ providers: [provideSettings(LlmConfig), TokenBudget, Models], exports: [LlmConfig, TokenBudget, Models] })
export class LlmModule {}
