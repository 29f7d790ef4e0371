import { AsyncResource } from 'node:async_hooks';
import { isDeferred } from './deferred-commit.adapter';

interface Waiting<In, Out> {
  readonly item: In;
  readonly done: (outcome: Out | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Collects the items that arrive while a batch is being processed into the next batch of at most `max`; a single item does not wait.
 * `process` returns one outcome for each item; undefined where the caller must process the item alone, because it could not be done with
 * the others. An error of `process` goes to every item of the batch. Inside `Database.transactionWith` nothing is batched, because the
 * effect belongs to that transaction.
 */
export class MicroBatcher<In, Out> {
  private waiting: Waiting<In, Out>[] = [];
  private processing = false;
  /** A batch belongs to none of its requests. */
  private readonly context = new AsyncResource('MicroBatcher');

  constructor(
    private readonly process: (items: readonly In[]) => Promise<readonly (Out | undefined)[]>,
    private readonly max: number,
  ) {}

  enqueue(item: In): Promise<Out | undefined> {
    if (isDeferred()) return Promise.resolve(undefined);
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (this.processing) return;
      this.processing = true;
      // Further items of this turn of the event loop join the batch.
      this.context.runInAsyncScope(() => setImmediate(() => void this.drain()));
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.processBatch(this.waiting.splice(0, this.max));
    this.processing = false;
  }

  private async processBatch(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outcomes = await this.process(batch.map(({ item }) => item));
      batch.forEach(({ done }, index) => done(outcomes[index]));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }
}
