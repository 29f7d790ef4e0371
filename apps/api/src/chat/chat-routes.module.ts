import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { ChatModule } from '@adiuva/chat';
import { ChatController } from './chat.controller';
import { ChatGateway } from './chat.gateway';
import { ChatHttp } from './chat-http.service';
import { ChatSocket } from './chat-socket.service';
import { FrameRateLimit } from './frame-rate-limit.service';
import { SessionEnd } from './session-end.service';
import { SocketAuth } from './socket-auth.service';
import { SocketDrain } from './socket-drain.service';

@Module({
  imports: [AuthModule, ChatModule],
  controllers: [ChatController],
  providers: [ChatGateway, ChatHttp, ChatSocket, FrameRateLimit, SessionEnd, SocketAuth, SocketDrain],
  exports: [ChatModule, SocketAuth],
})
export class ChatRoutesModule {}
