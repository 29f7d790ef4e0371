import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { Problem, type Principal } from '@adiuva/kernel';
import { Chat, type FollowableChat } from '@adiuva/chat';
import { Log } from '@adiuva/platform';
import { JsonBudget } from '../edge/body/json-budget.service';
import { assertSafeJson } from '../edge/body/safe-json';
import { validated } from '../edge/body/validation.pipe';
import { problemOf } from '../edge/http/problem.filter';
import { RateLimitGuard } from '../edge/limits/rate-limit.guard';
import { acceptedId } from '../edge/http/request-id.middleware';
import { ChatFrames } from './chat-frames';
import { ChatReferenceDto, ChatResumeDto, ChatSendDto } from './chat.dto';
import { FrameOrder } from './frame-order';
import { FrameRateLimit } from './frame-rate-limit.service';
import type { Acknowledge } from './send-ack';
import { SocketAuth } from './socket-auth.service';
import { SocketListener } from './socket-listener';
import { SocketWriter } from './socket-backpressure';

/** Resolves with the chat that was started, if one was. */
type Work = (caller: Principal, requestId: string) => Promise<{ readonly ended: Promise<void> } | undefined>;

const TOO_MANY = { retryAfter: 5, detail: 'Too many large messages' };

/** Chats over one socket: several may run concurrently, each with its own `request_id`. */
@Injectable()
export class ChatSocket {
  private readonly order = new FrameOrder();

  constructor(
    private readonly chat: Chat,
    private readonly socketAuth: SocketAuth,
    private readonly limits: RateLimitGuard,
    private readonly frameRateLimit: FrameRateLimit,
    private readonly budget: JsonBudget,
    private readonly log: Log,
  ) {}

  send(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    return this.handle(socket, frame, ack, async (caller, requestId) => {
      await this.limits.consume(caller, 'compute');
      this.frameRateLimit.refund(caller.userId);
      const body = await validated(ChatSendDto, frame);
      const { resume_key: key } = body;
      const stream = await this.chat.start(caller, body.toRequest('stream'), { requestId, resumable: { key } });
      ack?.({ ok: true, request_id: requestId });
      this.listen(socket, this.chat.local(stream), {
        request_id: requestId,
        next_index: 0,
        ...(key === undefined ? {} : { resume_key: key }),
      });
      return stream;
    });
  }

  resume(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    return this.handle(socket, frame, ack, async (caller) => {
      const place = await validated(ChatResumeDto, frame);
      const { request_id, next_index, resume_key } = place;
      const chat = await this.chat.find(caller, request_id, next_index, resume_key);
      ack?.({ ok: true, request_id });
      this.listen(socket, chat, place);
    });
  }

  cancel(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    const work: Work = async (caller) => {
      const { request_id } = await validated(ChatReferenceDto, frame);
      // A chat that is being registered has asked its model already.
      if (!this.chat.cancelLocal(caller, request_id))
        await this.order.run(socket, request_id, () => this.chat.cancel(caller, request_id));
      ack?.({ ok: true, request_id });
      return undefined;
    };
    return this.handle(socket, frame, ack ?? (() => undefined), work, false);
  }

  private listen(socket: Socket, chat: FollowableChat, place: ChatResumeDto): void {
    const { request_id: requestId, next_index: from, resume_key: key } = place;
    const writer = SocketWriter.of(socket);
    const frames = framesOf(socket, requestId);
    const listener = new SocketListener(socket, writer, frames, requestId, (callId, answer) =>
      chat.answer(callId, answer),
    );
    const following = chat.follow(listener, from);
    if (following) writer.follow(requestId, following, key !== undefined);
  }

  /**
   * A failure is acknowledged, or sent as `chat:error` where the client has asked for no acknowledgement. Ordered frames about one chat are
   * handled in the order in which they come. The frame counts against the memory for bodies until it is handled, or until the chat that it has started ends.
   */
  private async handle(socket: Socket, frame: unknown, ack: Acknowledge, work: Work, isOrdered = true): Promise<void> {
    const requestId = requestIdOf(frame);
    const reservation = this.budget.reservation();
    try {
      if (!reservation.takeFrame(assertSafeJson(frame))) throw new Problem('unavailable', TOO_MANY);
      const begin = async () => work(await this.socketAuth.caller(socket), requestId);
      const chat = await (isOrdered ? this.order.run(socket, requestId, begin) : begin());
      if (chat) await chat.ended;
    } catch (error) {
      const frames = framesOf(socket, requestId);
      const problem = problemOf(error, this.log);
      if (ack) ack({ ok: false, problem: frames.problem(problem) });
      else socket.emit('chat:error', frames.error(problem));
    } finally {
      reservation.release();
    }
  }
}

function framesOf(socket: Socket, requestId: string): ChatFrames {
  return new ChatFrames(requestId, socket.nsp.name);
}

function requestIdOf(frame: unknown): string {
  return acceptedId(
    typeof frame === 'object' && frame !== null && 'request_id' in frame ? frame.request_id : undefined,
  );
}
