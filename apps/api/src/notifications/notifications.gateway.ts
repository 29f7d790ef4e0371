import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import { NOTIFICATION_CHANGED } from '@adiuva/notifications';
import { PubSub } from '@adiuva/platform';

/** Tells the user's connected devices that a notification has another status; ids only. */
@WebSocketGateway({ namespace: '/api/v1/chat/stream' })
export class NotificationsGateway implements OnGatewayInit<Namespace> {
  constructor(private readonly pubSub: PubSub) {}

  afterInit(namespace: Namespace): void {
    this.pubSub.subscribe(NOTIFICATION_CHANGED, ({ user_id, notification_id, status }) => {
      namespace.local.to(`user:${String(user_id)}`).emit('notification:status', { notification_id, status });
    });
  }
}
