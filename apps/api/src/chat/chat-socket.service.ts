import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { Problem, problemDocument, type ProblemDocument } from '@adiuva/kernel';
import { Chat, type ChatResult, type StreamListener } from '@adiuva/chat';
import { Log } from '@adiuva/platform';
import { refuseStrange } from '../edge/plain-json';
import { problemOf } from '../edge/problem.filter';
import { RateLimitGuard } from '../edge/rate-limit.guard';
import { acceptedId } from '../edge/request-id.middleware';
import { validated } from '../edge/validation.pipe';
import { ChatReferenceDto, ChatResponseDto, ChatSendDto } from './chat.dto';
import type { Acknowledge } from './send-ack';
import { SocketDoor } from './socket-door.service';

/** Chats over one socket: several may run at once, told apart by their `request_id`. */
@Injectable()
export class ChatSocket {
  constructor(
    private readonly chat: Chat,
    private readonly door: SocketDoor,
    private readonly limits: RateLimitGuard,
    private readonly log: Log,
  ) {}

  async send(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    const requestId = offeredId(frame);
    try {
      const caller = await this.door.caller(socket);
      await this.limits.take(caller);
      refuseStrange(frame);
      const body = await validated(ChatSendDto, frame);
      const stream = this.chat.start(caller, body.toRequest(), requestId);
      ack?.({ ok: true, request_id: requestId });
      const unfollow = stream.follow(this.renderer(socket, requestId));
      socket.once('disconnect', unfollow);
    } catch (error) {
      this.refuse(socket, requestId, problemOf(error, this.log), ack);
    }
  }

  async cancel(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    const requestId = offeredId(frame);
    try {
      const caller = await this.door.caller(socket);
      const body = await validated(ChatReferenceDto, frame);
      this.chat.cancel(caller, body.request_id);
      ack?.({ ok: true, request_id: body.request_id });
    } catch (error) {
      ack?.({ ok: false, problem: this.document(socket, requestId, problemOf(error, this.log)) });
    }
  }

  private renderer(socket: Socket, requestId: string): StreamListener<ChatResult> {
    return {
      token: (index, text) => void socket.emit('chat:token', { request_id: requestId, index, text }),
      done: (result) => void socket.emit('chat:done', { done: true, ...ChatResponseDto.of(result, requestId) }),
      failed: (problem) =>
        void socket.emit('chat:error', { request_id: requestId, problem: this.document(socket, requestId, problem) }),
    };
  }

  /** Where the client has asked for no acknowledgement, an error event tells it. */
  private refuse(socket: Socket, requestId: string, problem: Problem, ack: Acknowledge): void {
    const document = this.document(socket, requestId, problem);
    if (ack) ack({ ok: false, problem: document });
    else socket.emit('chat:error', { request_id: requestId, problem: document });
  }

  private document(socket: Socket, requestId: string, problem: Problem): ProblemDocument {
    const { retryAfter } = problem.options;
    const document = problemDocument(problem, socket.nsp.name, requestId);
    return retryAfter === undefined ? document : { ...document, retry_after: retryAfter };
  }
}

function offeredId(frame: unknown): string {
  return acceptedId(
    typeof frame === 'object' && frame !== null && 'request_id' in frame ? frame.request_id : undefined,
  );
}
