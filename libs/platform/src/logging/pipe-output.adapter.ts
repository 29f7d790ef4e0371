import { Socket } from 'node:net';
import type { DestinationStream } from 'pino';

const BATCH_CHARS = 4_096;
const FLUSH_MS = 200;
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

/**
 * Lines for a pipe, a few at a time: a write for each line costs a tenth of a cheap request. Nothing is held back longer than 200 ms. Writes
 * never block: where the reader of the pipe does not read, lines beyond 4 MiB are dropped, and the process can still end.
 */
export class PipeOutput implements DestinationStream {
  private readonly socket: Socket;
  private batch = '';

  constructor(fd: number) {
    this.socket = new Socket({ fd, readable: false, writable: true });
    this.socket.on('error', () => undefined).unref();
    setInterval(() => this.flush(), FLUSH_MS).unref();
    process.once('exit', () => this.flush());
  }

  write(line: string): void {
    this.batch += line;
    if (this.batch.length >= BATCH_CHARS) this.flush();
  }

  private flush(): void {
    const { batch, socket } = this;
    this.batch = '';
    if (batch !== '' && socket.writable && socket.writableLength < MAX_PENDING_BYTES) socket.write(batch);
  }
}
