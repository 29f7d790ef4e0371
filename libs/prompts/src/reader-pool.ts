import type { InnerReader, InnerReaders } from './byte-run';
import type { Verdict } from './verdict';

/** Texts inside texts that are read at once: enough for every way of writing, few enough to stay linear. */
const MOST_OPEN = 12;

/** Hands out inner readers and takes them back, for making one costs more than the few characters that most of them see. */
export class ReaderPool implements InnerReaders {
  private readonly idle: InnerReader[] = [];

  constructor(
    private readonly verdict: Verdict,
    private readonly make: () => InnerReader,
  ) {}

  open(): InnerReader | undefined {
    if (this.verdict.open >= MOST_OPEN) return undefined;
    this.verdict.open += 1;
    return this.idle.pop() ?? this.make();
  }

  close(reader: InnerReader): void {
    this.verdict.open -= 1;
    reader.reset();
    this.idle.push(reader);
  }
}
