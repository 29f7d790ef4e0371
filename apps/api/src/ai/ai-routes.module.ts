import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { AiController } from './ai.controller';
import { Transcriptions } from './transcriptions.service';

@Module({ imports: [LlmModule], controllers: [AiController], providers: [Transcriptions] })
export class AiRoutesModule {}
