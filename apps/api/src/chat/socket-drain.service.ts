import { Injectable } from '@nestjs/common';
import type { Namespace } from 'socket.io';
import { SocketWriter } from './socket-backpressure';

/**
 * Before this process ends, closes the connections of sockets, so that their clients connect to another node and resume their chats there. A
 * socket with a chat that only this node can continue stays until the chat has ended.
 */
@Injectable()
export class SocketDrain {
  private namespace: Namespace | undefined;

  watch(namespace: Namespace): void {
    this.namespace = namespace;
  }

  start(): void {
    for (const socket of this.namespace?.sockets.values() ?? []) SocketWriter.of(socket).drain();
    this.namespace?.on('connection', (socket) => SocketWriter.of(socket).drain());
  }
}
