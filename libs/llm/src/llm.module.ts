import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { LlmConfig } from './llm.config';
import { LlmErasure } from './llm.erasure';
import { LlmJobs } from './llm.jobs';
import { Media } from './media/media.service';
import { Models } from './models.service';
import { ModelObserver } from './model-observer.service';
import { OwnModels } from './own-models.service';
import { TokenBudget } from './budget/token-budget.service';

@Module({
  providers: [provideSettings(LlmConfig), TokenBudget, ModelObserver, Models, OwnModels, Media, LlmErasure, LlmJobs],
  exports: [LlmConfig, TokenBudget, Models, OwnModels, Media, LlmErasure, LlmJobs],
})
export class LlmModule {}
