import { Problem } from '@adiuva/kernel';
import type { ClientToolResult } from '@adiuva/agents';
import type { ChatResult } from '../chat-request';
import type { ClientCall, StreamListener } from '../chat-stream';
import type { StreamCipher } from './stream-cipher';
import { StreamEventsShape, type StreamEvent } from './stream-event';

/** A node counts as lost when its lease has been expired for so long: after an outage of the database every lease is expired. */
const LOST_AFTER_MS = 3_000;
const LOST = { detail: 'The server that wrote this answer has ended; send the message again', retryAfter: 1 };

/** A stream of another node as one client of this node follows it: reads the stored parts in order and passes on what the client lacks. */
export class RemoteChat {
  /** The number of the next part. */
  seq = 0;
  /** The next token that the client has not been sent. */
  next: number;
  ended = false;
  private lostSince: number | undefined;
  private readonly numbers = new Map<string, number>();

  constructor(
    /** Of this follower; a stream may be followed again. */
    readonly id: string,
    readonly streamId: string,
    readonly listener: StreamListener<ChatResult>,
    private readonly cipher: StreamCipher,
    from: number,
  ) {
    this.next = from;
  }

  /** Passes on the parts in their order, each once. Calls that are answered within them are not asked again. */
  take(parts: readonly { readonly seq: number; readonly sealed: Buffer }[]): void {
    const open = new Map<string, ClientCall>();
    for (const { seq, sealed } of parts) {
      if (seq !== this.seq || this.ended) continue;
      this.seq += 1;
      for (const event of StreamEventsShape.parse(this.cipher.open(sealed, this.streamId, `server|${seq}`)))
        this.pass(event, open);
    }
    for (const call of open.values()) this.listener.ask(call);
  }

  /** The lease of the stream as it was read together with its parts. Fails the chat where its node is lost. */
  see(alive: boolean): void {
    if (alive || this.ended) this.lostSince = undefined;
    else this.lostSince ??= performance.now();
    if (this.lostSince !== undefined && performance.now() - this.lostSince > LOST_AFTER_MS) this.lose();
  }

  lose(): void {
    if (this.ended) return;
    this.ended = true;
    this.listener.failed(new Problem('unavailable', LOST));
  }

  sealAnswer(callId: string, answer: ClientToolResult): { number: number; sealed: Buffer } | undefined {
    const number = this.numbers.get(callId);
    if (number === undefined) return undefined;
    return { number, sealed: this.cipher.seal({ callId, answer }, this.streamId, `client|${number}`) };
  }

  private pass(event: StreamEvent, open: Map<string, ClientCall>): void {
    switch (event.type) {
      case 'tokens':
        return this.tokens(event.from, event.texts);
      case 'call':
        this.numbers.set(event.call.callId, event.number);
        open.set(event.call.callId, event.call);
        return;
      case 'answered':
        open.delete(event.callId);
        return;
      case 'done':
        open.clear();
        this.ended = true;
        return this.listener.done(event.result);
      case 'failed':
        open.clear();
        this.ended = true;
        return this.listener.failed(new Problem(event.code, event.options));
    }
  }

  private tokens(from: number, texts: readonly string[]): void {
    for (const [at, text] of texts.entries()) {
      if (from + at !== this.next) continue;
      this.listener.token(this.next, text);
      this.next += 1;
    }
  }
}
