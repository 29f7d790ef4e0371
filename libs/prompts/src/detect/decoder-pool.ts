import type { InnerReader, InnerReaders } from './decoded-candidate';
import type { DetectionState } from './detection-state';

/** Nested texts that are read concurrently: enough for every encoding, few enough to stay linear. */
const MAX_OPEN = 12;

/** Reuses inner readers, because making one costs more than the few characters that most of them read. */
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
