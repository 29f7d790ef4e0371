import { Module } from '@nestjs/common';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { Chat } from './chat.service';

@Module({ imports: [OrchestratorModule], providers: [Chat], exports: [Chat] })
export class ChatModule {}
