import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { Problem } from '@adiuva/kernel';
import type { ClientToolResult } from '@adiuva/agents';
import type { ChatResult, ClientCall, StreamListener } from '@adiuva/chat';
import { assertSafeJson } from '../edge/body/safe-json';
import type { ChatFrames } from './chat-frames';
import type { SocketWriter } from './socket-backpressure';

const ClientAck = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.union([z.string(), z.looseObject({ message: z.string() })]).catch('') }),
]);

/** A chat as events of a socket. */
export class SocketListener implements StreamListener<ChatResult> {
  constructor(
    private readonly socket: Socket,
    private readonly writer: SocketWriter,
    private readonly frames: ChatFrames,
    private readonly requestId: string,
    private readonly answer: (callId: string, answer: ClientToolResult) => void,
  ) {}

  token(index: number, text: string): void {
    this.socket.emit('chat:token', this.frames.token(index, text));
    // The client waits for the first token, and tokens of other chats may follow in this turn of the event loop.
    if (index === 0) this.writer.flush();
  }

  ask(call: ClientCall): void {
    this.socket.emit('chat:tool_call', this.frames.toolCall(call), (ack: unknown) =>
      this.answer(call.callId, read(ack)),
    );
  }

  done(result: ChatResult): void {
    this.writer.ended(this.requestId);
    this.socket.emit('chat:done', this.frames.done(result));
  }

  failed(problem: Problem): void {
    this.writer.ended(this.requestId);
    this.socket.emit('chat:error', this.frames.error(problem));
  }

  replaced(): void {
    this.writer.ended(this.requestId);
  }

  unsent(): number {
    return this.writer.unsent();
  }

  drained(): Promise<void> {
    return this.writer.drained();
  }
}

/** The acknowledgement is untrusted input: the agent gets a result or a reason. */
function read(ack: unknown): ClientToolResult {
  const parsed = ClientAck.safeParse(ack);
  if (!parsed.success || !isPlain(ack)) return { error: 'The app gave an answer that cannot be read' };
  if (parsed.data.ok) return { result: parsed.data.result ?? null };
  const { error } = parsed.data;
  const reason = typeof error === 'string' ? error : error.message;
  return { error: reason === '' ? 'The app could not look this up' : reason.slice(0, 1_000) };
}

function isPlain(value: unknown): boolean {
  try {
    assertSafeJson(value);
    return true;
  } catch {
    return false;
  }
}
