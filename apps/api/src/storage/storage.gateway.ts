import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import { PubSub } from '@adiuva/platform';
import { STORAGE_CHANGED } from '@adiuva/storage';

/** Tells the user's other devices that are connected here that there is something to fetch. */
@WebSocketGateway({ namespace: '/api/v1/chat/stream' })
export class StorageGateway implements OnGatewayInit<Namespace> {
  constructor(private readonly pubSub: PubSub) {}

  afterInit(namespace: Namespace): void {
    this.pubSub.subscribe(STORAGE_CHANGED, ({ user_id, session_id, table, cursor }) => {
      // Every node receives the notification, so each emits to its own sockets only.
      namespace.local
        .to(`user:${String(user_id)}`)
        .except(`session:${String(session_id)}`)
        .emit('storage:changed', { cursor, table });
    });
  }
}
