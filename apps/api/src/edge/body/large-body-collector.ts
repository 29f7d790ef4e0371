import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of large bodies after whose end the heap is collected. */
const COLLECT_AFTER_BYTES = 32 * 1024 * 1024;

/**
 * Collects the heap when large bodies have been answered. V8 lets their texts pile up to many times the live heap, because it sizes the heap
 * by the memory of the machine; a collection takes some 50 ms, about a tenth of what parsing these bytes takes.
 */
export class LargeBodyCollector {
  private readonly collect = exposedCollection();
  private uncollected = 0;

  ended(bytes: number): void {
    this.uncollected += bytes;
    if (this.uncollected < COLLECT_AFTER_BYTES) return;
    this.uncollected = 0;
    // Once the handler has released the body.
    setImmediate(this.collect);
  }
}

/** `global.gc`, without a flag of the command line. */
function exposedCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') Reflect.apply(gc, undefined, []);
  };
}
