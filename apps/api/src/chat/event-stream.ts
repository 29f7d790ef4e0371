import { Readable } from 'node:stream';
import type { Problem } from '@adiuva/kernel';
import type { ChatResult, StreamListener } from '@adiuva/chat';
import type { EdgeResponse } from '../edge/principal';
import type { ChatFrames } from './chat-frames';

const KEEP_ALIVE_MS = 15_000;
const DRAIN_POLL_MS = 20;

/** A chat as server-sent events. Tool calls are events and are repeated in `done`, which carries the continuation to answer them with. */
export class EventStream extends Readable implements StreamListener<ChatResult> {
  private readonly keepAlive = setInterval(() => this.push(': \n\n'), KEEP_ALIVE_MS).unref();

  constructor(
    private readonly frames: ChatFrames,
    private readonly response: EdgeResponse,
  ) {
    super({ encoding: 'utf8' });
    // Flushes the headers before the first token of the model.
    this.push(': \n\n');
  }

  token(index: number, text: string): void {
    this.push(`id: ${index}\nevent: token\ndata: ${JSON.stringify(this.frames.token(index, text))}\n\n`);
  }

  ask(): void {
    // A client cannot answer on this transport; see `done`.
  }

  done(result: ChatResult): void {
    if (result.kind === 'requires_action') {
      for (const call of result.calls) this.event('tool_call', this.frames.toolCall(call));
    }
    this.event('done', this.frames.done(result));
    this.replaced();
  }

  failed(problem: Problem): void {
    this.event('error', this.frames.error(problem));
    this.replaced();
  }

  replaced(): void {
    clearInterval(this.keepAlive);
    this.push(null);
  }

  unsent(): number {
    return this.readableLength + this.response.writableLength;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }

  override _read(): void {
    // Tokens are pushed as they arrive; the producer checks `unsent`.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.keepAlive);
    callback(error);
  }

  private event(name: string, data: object): void {
    this.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
