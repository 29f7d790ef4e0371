import type { StreamListener } from '../chat-stream';

/**
 * The listener of a stream that a client follows through another node, which reads the stored stream by itself. It only gives back-pressure:
 * what the other node has not reported as sent counts as unsent.
 */
export class RemoteListener implements StreamListener<unknown> {
  /** When the other node has last reported, by the monotonic clock. */
  reportedAt = performance.now();
  private readonly sizes: { readonly index: number; readonly size: number }[] = [];
  private bytes = 0;
  private wake: () => void = () => undefined;

  /** `id` is the other node's; `onReplaced` runs when another listener takes over. */
  constructor(
    readonly id: string,
    private readonly onReplaced: () => void,
  ) {}

  token(index: number, text: string): void {
    this.sizes.push({ index, size: text.length });
    this.bytes += text.length;
  }

  ask(): void {
    // The other node reads the call from the stored stream.
  }

  done(): void {
    this.wake();
  }

  failed(): void {
    this.wake();
  }

  replaced(): void {
    this.wake();
    this.onReplaced();
  }

  /** The other node has sent every token before `next`. */
  report(next: number): void {
    this.reportedAt = performance.now();
    const sent = this.sizes.findIndex(({ index }) => index >= next);
    for (const { size } of this.sizes.splice(0, sent < 0 ? this.sizes.length : sent)) this.bytes -= size;
    this.wake();
  }

  unsent(): number {
    return this.bytes;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
