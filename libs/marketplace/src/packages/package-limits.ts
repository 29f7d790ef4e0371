/** Limits of a plugin package. Sizes are bytes. */
export interface PackageLimits {
  readonly packageBytes: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly unpackedBytes: number;
  /** Unpacked size over packed size of one entry; those under `ratioFloorBytes` do not count. */
  readonly ratio: number;
  readonly ratioFloorBytes: number;
  readonly nameBytes: number;
  readonly depth: number;
  /** Extra fields and comment of one entry together. */
  readonly entryHeaderBytes: number;
  /** Of running: the time in which the process could not run does not count. */
  readonly milliseconds: number;
}

export const PACKAGE_LIMITS: PackageLimits = {
  packageBytes: 10 * 1024 * 1024,
  entries: 2_000,
  entryBytes: 10 * 1024 * 1024,
  unpackedBytes: 50 * 1024 * 1024,
  ratio: 100,
  ratioFloorBytes: 256 * 1024,
  nameBytes: 240,
  depth: 16,
  entryHeaderBytes: 1_024,
  milliseconds: 5_000,
};
