import type { ClientToolResult } from '@adiuva/agents';
import type { ChatResult } from './chat-request';
import type { StreamListener } from './chat-stream';

/** A chat that a client follows, executed in this process or in another. */
export interface FollowableChat {
  /**
   * Attaches `listener` from token `from` on; replaces the current listener. Returns the function that detaches it, undefined where the
   * answer has ended. A detached answer continues for `CHAT_DETACHED_TTL_MS`.
   */
  follow(listener: StreamListener<ChatResult>, from: number): (() => void) | undefined;
  /** Answers an open tool call; a late or repeated answer changes nothing. */
  answer(callId: string, answer: ClientToolResult): void;
}
