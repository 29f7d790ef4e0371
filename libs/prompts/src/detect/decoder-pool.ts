import type { InnerReader, InnerReaders } from './decoded-candidate';
import type { DetectionState } from './detection-state';

/** Texts inside texts that are read at once: enough for every way of writing, few enough to stay linear. */
const MAX_OPEN = 12;

/** Hands out inner readers and takes them back, for making one costs more than the few characters that most of them see. */
export class DecoderPool implements InnerReaders {
  private readonly idle: InnerReader[] = [];

  constructor(
    private readonly detectionState: DetectionState,
    private readonly make: () => InnerReader,
  ) {}

  open(): InnerReader | undefined {
    if (this.detectionState.open >= MAX_OPEN) return undefined;
    this.detectionState.open += 1;
    return this.idle.pop() ?? this.make();
  }

  close(reader: InnerReader): void {
    this.detectionState.open -= 1;
    reader.reset();
    this.idle.push(reader);
  }
}
