interface Waiting<In, Out> {
  readonly item: In;
  readonly done: (outcome: Out | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Puts together what comes while the bundle before it is under way, at most `most` items; what comes alone waits for nobody. `carryOut`
 * answers with one outcome for each item; undefined where that item is left to whoever asked, because it could not be done with the others.
 * What `carryOut` throws, every item of the bundle gets.
 */
export class MicroBatcher<In, Out> {
  private waiting: Waiting<In, Out>[] = [];
  private underWay = false;

  constructor(
    private readonly carryOut: (items: readonly In[]) => Promise<readonly (Out | undefined)[]>,
    private readonly most: number,
  ) {}

  enqueue(item: In): Promise<Out | undefined> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (this.underWay) return;
      this.underWay = true;
      // What else comes in this turn of the event loop goes with it.
      setImmediate(() => void this.emptied());
    });
  }

  private async emptied(): Promise<void> {
    while (this.waiting.length > 0) await this.sent(this.waiting.splice(0, this.most));
    this.underWay = false;
  }

  private async sent(bundle: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outcomes = await this.carryOut(bundle.map(({ item }) => item));
      bundle.forEach(({ done }, index) => done(outcomes[index]));
    } catch (error) {
      for (const { failed } of bundle) failed(error);
    }
  }
}
