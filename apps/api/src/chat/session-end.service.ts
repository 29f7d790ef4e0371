import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SESSION_REVOKED, SessionLookup } from '@adiuva/auth';
import { Chat } from '@adiuva/chat';
import { PubSub } from '@adiuva/platform';

/** Stops the chats of a session that is revoked or whose account is erased, on every process. */
@Injectable()
export class SessionEnd implements OnModuleInit {
  constructor(
    private readonly chat: Chat,
    private readonly sessionLookup: SessionLookup,
    private readonly pubSub: PubSub,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe(SESSION_REVOKED, ({ user_id, session_id }) =>
      this.chat.cancelSession(String(user_id), String(session_id)),
    );
    // Events may have been lost while the connection was down.
    this.pubSub.onReconnect(() => {
      for (const { userId, sessionId } of this.chat.sessions) {
        this.sessionLookup.of(userId, sessionId).catch(() => this.chat.cancelSession(userId, sessionId));
      }
    });
  }
}
