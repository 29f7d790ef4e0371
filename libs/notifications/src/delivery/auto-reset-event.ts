/** `wait` ends with `set`, or after `ms`; immediately where `set` was called since the last wait. For one waiter. */
export class AutoResetEvent {
  private isSet = false;
  private end: (() => void) | undefined;

  set(): void {
    this.isSet = true;
    this.end?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.isSet) await this.timeoutOrSet(ms);
    this.isSet = false;
  }

  private timeoutOrSet(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
