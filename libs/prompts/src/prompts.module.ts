import { Global, Module } from '@nestjs/common';
import { PromptRegistry } from './prompt-registry';

/** The one registry of a process. */
@Global()
@Module({ providers: [{ provide: PromptRegistry, useFactory: () => new PromptRegistry() }], exports: [PromptRegistry] })
export class PromptsModule {}
