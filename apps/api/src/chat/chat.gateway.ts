import {
  Ack,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { ChatSocket } from './chat-socket.service';
import type { Acknowledge } from './send-ack';
import { SocketAuth } from './socket-auth.service';
import { SocketDrain } from './socket-drain.service';

/** Streamed chat. Events and payloads are the wire contract's; `SocketAuth` decides who may connect. */
@WebSocketGateway({ namespace: '/api/v1/chat/stream' })
export class ChatGateway implements OnGatewayInit<Namespace> {
  constructor(
    private readonly socketAuth: SocketAuth,
    private readonly chats: ChatSocket,
    private readonly drain: SocketDrain,
  ) {}

  afterInit(namespace: Namespace): void {
    this.socketAuth.guard(namespace);
    this.drain.watch(namespace);
  }

  @SubscribeMessage('chat:send')
  send(@ConnectedSocket() socket: Socket, @MessageBody() frame: unknown, @Ack() ack: Acknowledge): Promise<void> {
    return this.chats.send(socket, frame, ack);
  }

  @SubscribeMessage('chat:cancel')
  cancel(@ConnectedSocket() socket: Socket, @MessageBody() frame: unknown, @Ack() ack: Acknowledge): Promise<void> {
    return this.chats.cancel(socket, frame, ack);
  }

  @SubscribeMessage('chat:resume')
  resume(@ConnectedSocket() socket: Socket, @MessageBody() frame: unknown, @Ack() ack: Acknowledge): Promise<void> {
    return this.chats.resume(socket, frame, ack);
  }

  @SubscribeMessage('auth:renew')
  renew(@ConnectedSocket() socket: Socket, @MessageBody() frame: unknown, @Ack() ack: Acknowledge): Promise<void> {
    return this.socketAuth.renew(socket, frame, ack);
  }
}
