import { Readable } from 'node:stream';
import { Problem } from '@adiuva/kernel';
import type { EdgeRequest } from '../principal';

const GRACE_MS = 15_000;
const MIN_BYTES_A_SECOND = 8_000;
const READ_AHEAD_BYTES = 512 * 1024;

/**
 * The body of a request as a stream that ends in a Problem when the client breaks off (`malformed_request`) or trickles
 * (`request_timeout`: under 8 KB a second after the first 15 s; waiting for a slow store does not count). There is no total limit of
 * time. A reader that stops early leaves the request open, so that an answer can still be sent.
 * @throws Problem `unsupported_media_type` for a compressed body
 */
export function streamedBody(request: EdgeRequest): Readable {
  const { 'content-encoding': content = 'identity', 'transfer-encoding': transfer = 'chunked' } = request.headers;
  if (content !== 'identity' || transfer.trim().toLowerCase() !== 'chunked') {
    throw new Problem('unsupported_media_type', { detail: 'Compressed bodies are not taken' });
  }
  return new PacedBody(request);
}

/** The length that the client has announced; undefined when it sends in chunks. */
export function announcedSize(request: EdgeRequest): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** Listens to the request rather than iterating over it: promises for every piece cost more than the pieces. */
class PacedBody extends Readable {
  private timer: NodeJS.Timeout | null = null;
  private size = 0;
  private waited = 0;
  /** Since when the client has been waited for; null while the reader is. */
  private since: number | null = null;

  constructor(private readonly request: EdgeRequest) {
    super({ highWaterMark: READ_AHEAD_BYTES });
  }

  override _read(): void {
    if (this.timer === null) this.listen();
    if (this.since !== null || this.request.readableEnded) return;
    this.since = performance.now();
    this.request.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.timer !== null) {
      clearInterval(this.timer);
      const { request } = this;
      request.off('data', this.onData).off('end', this.onEnd).off('error', this.onError).off('close', this.onClose);
      if (!request.readableEnded) request.pause();
    }
    done(error);
  }

  private listen(): void {
    const { request } = this;
    this.timer = setInterval(() => this.checkPace(), 1_000);
    request.on('data', this.onData).on('end', this.onEnd).on('error', this.onError).on('close', this.onClose);
    if (request.readableEnded) this.onEnd();
    else if (request.destroyed) this.onClose();
  }

  private checkPace(): void {
    const waiting = this.since === null ? 0 : performance.now() - this.since;
    if (this.waited + waiting > GRACE_MS + (this.size / MIN_BYTES_A_SECOND) * 1_000)
      this.request.destroy(new Problem('request_timeout'));
  }

  private readonly onData = (piece: Buffer): void => {
    const now = performance.now();
    this.waited += this.since === null ? 0 : now - this.since;
    this.size += piece.length;
    this.since = now;
    if (this.push(piece)) return;
    this.since = null;
    this.request.pause();
  };

  private readonly onEnd = (): void => {
    this.since = null;
    this.push(null);
  };

  private readonly onError = (error: Error): void => {
    this.destroy(
      error instanceof Problem
        ? error
        : new Problem('malformed_request', { detail: 'The body ended early', cause: error }),
    );
  };

  private readonly onClose = (): void => {
    if (!this.readableEnded && !this.request.readableEnded) this.onError(new Error('the connection was closed'));
  };
}
