import { SCAN_KERNEL } from './scan-kernel.generated';

/** The inner loop of the exact scan, in WebAssembly SIMD (scan-kernel.wat), because plain JavaScript needs 46 ms for what this does in 5. */
export interface ScanKernel {
  /** `count` is at least 1; `stride` a multiple of 16; `query` has as many int16 as a row has int8; `out` takes `count` int32. */
  readonly scan: (row: number, count: number, stride: number, query: number, out: number) => void;
}

export function scanKernel(memory: WebAssembly.Memory): ScanKernel {
  const binary = Uint8Array.from(Buffer.from(SCAN_KERNEL, 'base64'));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const scan = instance.exports['scan'];
  if (!scan) throw new TypeError('the scan kernel has no export');
  return { scan };
}
