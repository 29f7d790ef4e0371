/** What is pushed in comes out of the iterator, in order; `fail` and `close` end it after what was pushed before. */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  private readonly waiting: T[] = [];
  private wake: (() => void) | undefined;
  private end: { readonly error?: unknown } | undefined;

  /** `onReturn` runs when the reader leaves early. */
  constructor(private readonly onReturn: () => void) {}

  push(item: T): void {
    if (this.end) return;
    this.waiting.push(item);
    this.wake?.();
  }

  fail(error: unknown): void {
    this.end ??= { error };
    this.wake?.();
  }

  close(): void {
    this.end ??= {};
    this.wake?.();
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      const item = this.waiting.shift();
      if (item !== undefined) return { done: false, value: item };
      if (this.end && 'error' in this.end) throw this.end.error;
      if (this.end) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  return(): Promise<IteratorResult<T>> {
    if (!this.end) this.onReturn();
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
