import { setFlagsFromString } from 'node:v8';

/** How far the heap may grow beyond what was in use after its last full collection, in percent. */
const MAX_GROWTH = 30;

/**
 * V8 lets garbage, buffers outside of the heap included, grow to four times the heap in use where the machine has much memory, so that large
 * bodies or headers would make the process several hundred MB larger than its data. A smaller growth costs more collections under such load,
 * and none without it. `gc` is for the collector of large bodies.
 */
export function setHeapFlags(): void {
  setFlagsFromString(`--heap-growing-percent=${MAX_GROWTH}`);
  setFlagsFromString('--expose-gc');
}
