/** Options of an `LRUCache` with at most `count` entries; its own `max` would reserve the memory of all of them at the start. */
export function entryLimit(count: number): { readonly maxSize: number; readonly sizeCalculation: () => number } {
  return { maxSize: count, sizeCalculation: () => 1 };
}
