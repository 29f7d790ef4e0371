/** The part of WebAssembly's JavaScript interface that the scan uses; Node's types leave it to the DOM's, which a server does not load. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB and gives how many there were. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } });
    readonly exports: Readonly<Record<string, ((...parameters: number[]) => void) | undefined>>;
  }
}
