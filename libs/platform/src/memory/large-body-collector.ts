import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of bodies that have arrived or have been sent, after which the heap is collected. */
const COLLECT_AFTER_BYTES = 32 * 1024 * 1024;

/**
 * Collects the heap when many bytes of bodies have passed. V8 itself does so too late: it does not count the buffers that a connection is read
 * into until several hundred MB of them are garbage. A collection takes some 50 ms, less than a tenth of what parsing these bytes takes.
 */
export class LargeBodyCollector {
  private uncollected = 0;

  passed(bytes: number): void {
    this.uncollected += bytes;
    if (this.uncollected < COLLECT_AFTER_BYTES) return;
    this.uncollected = 0;
    // Once the handler has released the body.
    setImmediate(collectGarbage);
  }
}

let exposed: (() => void) | undefined;

/** A full collection, as `global.gc` without a flag of the command line. */
function collectGarbage(): void {
  exposed ??= exposedCollection();
  exposed();
}

function exposedCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') Reflect.apply(gc, undefined, []);
  };
}
