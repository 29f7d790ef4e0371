import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { ChatModule } from '@adiuva/chat';
import { ChatController } from './chat.controller';
import { ChatGateway } from './chat.gateway';
import { ChatHttp } from './chat-http.service';
import { ChatSocket } from './chat-socket.service';
import { FrameFlood } from './frame-flood.service';
import { SocketDoor } from './socket-door.service';

@Module({
  imports: [AuthModule, ChatModule],
  controllers: [ChatController],
  providers: [ChatGateway, ChatHttp, ChatSocket, FrameFlood, SocketDoor],
})
export class ChatRoutesModule {}
