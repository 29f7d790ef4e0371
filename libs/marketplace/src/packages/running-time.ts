/** Looks in the time of a limit. */
const LOOKS = 20;
/** More than this between two looks is no work: the process could not run. */
const MAX_GAP_MS = 500;

/** How long work that looks at it often has been running. The time in which this process could not run does not count. */
export class RunningTime {
  private passed = 0;
  private lookedAt = performance.now();

  /** Milliseconds. */
  get elapsed(): number {
    const now = performance.now();
    this.passed += Math.min(MAX_GAP_MS, now - this.lookedAt);
    this.lookedAt = now;
    return this.passed;
  }
}

/** Calls `late` when this process has run for `ms`, however long it could not run meanwhile. Returns what ends the wait. */
export function afterRunning(ms: number, late: () => void): () => void {
  let looks = LOOKS;
  const timer = setInterval(() => {
    looks -= 1;
    if (looks > 0) return;
    clearInterval(timer);
    late();
  }, ms / LOOKS);
  return () => clearInterval(timer);
}
