import { classOf, FOREIGN, INVISIBLE } from '../normalise/alphabet';

const LENGTH = 40;
const FOREIGN_WIDTH = 4;

/**
 * Where the last forty visible characters are written. Letters of scripts without Latin twins count four times, so that
 * a text in such a script, which hardly can be a prompt, is not held back for long.
 */
export class TrailingWindow {
  private readonly places = new Int32Array(LENGTH);
  private next = 0;
  private filled = 0;

  get from(): number {
    return this.filled < LENGTH ? 0 : (this.places[this.next] ?? 0);
  }

  push(codePoint: number, at: number): void {
    const kind = classOf(codePoint);
    if (kind === INVISIBLE) return;
    for (let width = kind === FOREIGN ? FOREIGN_WIDTH : 1; width > 0; width -= 1) {
      this.places[this.next] = at;
      this.next = this.next + 1 === LENGTH ? 0 : this.next + 1;
      if (this.filled < LENGTH) this.filled += 1;
    }
  }

  reset(): void {
    this.next = 0;
    this.filled = 0;
  }
}
