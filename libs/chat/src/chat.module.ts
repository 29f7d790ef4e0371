import { Module } from '@nestjs/common';
import { OrchestratorModule } from '@adiuva/orchestrator';
import { provideSettings } from '@adiuva/config';
import { ChatObserver } from './chat-observer.service';
import { ChatRunner } from './chat-runner.service';
import { ChatStreams } from './chat-streams.service';
import { ChatConfig } from './chat.config';
import { Chat } from './chat.service';
import { ContinuationsModule } from './continuations.module';
import { RemoteChats } from './stored-streams/remote-chats.service';
import { StoredStreams } from './stored-streams/stored-streams.store';
import { StreamRecordings } from './stored-streams/stream-recordings.service';

@Module({
  imports: [OrchestratorModule, ContinuationsModule],
  providers: [
    provideSettings(ChatConfig),
    ChatObserver,
    ChatRunner,
    Chat,
    ChatStreams,
    StoredStreams,
    StreamRecordings,
    RemoteChats,
  ],
  exports: [Chat, ChatConfig],
})
export class ChatModule {}
