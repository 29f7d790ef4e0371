import { Module } from '@nestjs/common';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { provideSettings } from '@adiuva/config';
import { ChatObserver } from './chat-observer.service';
import { ChatRunner } from './chat-runner.service';
import { ChatConfig } from './chat.config';
import { Chat } from './chat.service';
import { ContinuationsModule } from './continuations.module';

@Module({
  imports: [OrchestratorModule, ContinuationsModule],
  providers: [provideSettings(ChatConfig), ChatObserver, ChatRunner, Chat],
  exports: [Chat, ChatConfig],
})
export class ChatModule {}
