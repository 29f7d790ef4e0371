/** Does `work` when it is first wanted, then at most once in `ms`; what is wanted meanwhile is done together at the end. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isWanted = false;

  constructor(
    private readonly work: () => void,
    private readonly ms: number,
  ) {}

  run(): void {
    if (this.timer !== undefined) {
      this.isWanted = true;
      return;
    }
    this.work();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.isWanted) {
        this.isWanted = false;
        this.run();
      }
    }, this.ms);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.isWanted = false;
  }
}
