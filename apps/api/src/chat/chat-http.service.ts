import { Injectable, StreamableFile } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import { Chat, type ChatId, type ChatResult, type ChatStream } from '@adiuva/chat';
import type { EdgeResponse } from '../edge/principal';
import { chatAnswer, type ChatAnswer } from './chat-answer.dto';
import { ChatFrames } from './chat-frames';
import { clientAbortSignal, onAbort } from '../edge/http/client-abort';
import { EventStream } from './event-stream';

/** One chat on one HTTP exchange. */
export interface HttpExchange {
  readonly requestId: string;
  readonly resumeKey?: string | undefined;
  readonly accept: string | undefined;
  readonly response: EdgeResponse;
}

const NOT_REPLAYABLE =
  'Server-sent events cannot be replayed: leave out Idempotency-Key, or accept application/json; a stream is resumed by chat:resume';
const INSTANCE = '/api/v1/chat';

/** Chats over HTTP: as one JSON answer, or as server-sent events where the client accepts those. */
@Injectable()
export class ChatHttp {
  constructor(private readonly chat: Chat) {}

  /**
   * `start` starts the chat. A client that waits for JSON and goes away wants no answer any more; one that reads events may
   * come back for them by `chat:resume`.
   */
  async render(
    { requestId, accept, response, resumeKey: key }: HttpExchange,
    start: (id: ChatId) => Promise<ChatStream<ChatResult>>,
  ): Promise<ChatAnswer | StreamableFile> {
    const gone = clientAbortSignal(response);
    if (!wantsEvents(accept)) {
      gone.throwIfAborted();
      const stream = await start({ requestId: newId() });
      onAbort(gone, () => stream.cancel());
      return chatAnswer(await stream.outcome(), requestId);
    }
    if (response.req.headers['idempotency-key'] !== undefined)
      throw new Problem('unprocessable', { detail: NOT_REPLAYABLE });
    const stream = await start({ requestId, resumable: { key } });
    const events = new EventStream(new ChatFrames(requestId, INSTANCE), response);
    const unfollow = this.chat.local(stream).follow(events, 0);
    // Also where Nest destroys it: a response that waits for another one of its connection is not closed with the connection.
    events.once('close', () => unfollow?.());
    onAbort(gone, () => void events.destroy());
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    return new StreamableFile(events, { type: 'text/event-stream; charset=utf-8' });
  }
}

function wantsEvents(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.trim().toLowerCase().startsWith('text/event-stream'));
}
