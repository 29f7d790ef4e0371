import type { Readable } from 'node:stream';
import type { Checksum } from '@adiuva/kernel';
import type { ByteRange } from './byte-range';
import type { BlobKey } from './safe-key';

/** What `put` has stored: size in bytes and SHA-256, both taken from the bytes as they passed. */
export interface StoredBlob {
  readonly key: BlobKey;
  readonly size: number;
  readonly sha256: Checksum;
}

/** What the writer promises about its bytes; a broken promise ends the write and leaves nothing behind. */
export interface ExpectedDigest {
  /** More bytes than this: `payload_too_large`. */
  readonly maxBytes: number;
  /** Fewer bytes than this: `validation_failed`. */
  readonly minBytes?: number;
  /** Other bytes than these: `checksum_mismatch`. */
  readonly sha256?: Checksum;
}

export interface BlobHead {
  readonly size: number;
  /** The checksum kept beside the object; null where the adapter keeps none (disk) or the object came in parts. */
  readonly sha256: Checksum | null;
  readonly modifiedAt: Date;
}

export interface BlobEntry {
  /** As the store names it; pass it through `tryKey` before using it, since strangers may write into the same store. */
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** An object that arrives in parts, possibly over days and processes. Both members may be kept in a row. */
export interface PartsUpload {
  readonly key: BlobKey;
  /** Opaque, at most 1,024 characters. */
  readonly id: string;
}

export interface StoredPart {
  /** From 1 to 10,000. */
  readonly number: number;
  readonly size: number;
  /** The store's name for exactly these bytes; `completeParts` refuses a part that was replaced since. */
  readonly tag: string;
}

/** Every part but the last must have at least this many bytes (a rule of S3). */
export const MIN_PART_BYTES = 5 * 1024 * 1024;
/** A part may be held in memory while it is sent, so it has this limit. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;
export const MAX_PARTS = 10_000;

/**
 * Opaque bytes by key. Every adapter passes test/ports/blob-store.port.ts.
 *
 * Objects appear whole or not at all to who knows their key, and are never changed: writers use a fresh key for each attempt.
 * Failures, as Problems: `unavailable` (the store is down, full or does not answer: within 2 s, immediately while it is
 * known to be down, with `Retry-After`), `not_found` (no such object or upload), and those that each method names.
 * A `put` that fails may in rare cases (lost answer) have stored its object: delete the key, or leave it to the sweeper.
 */
export abstract class BlobStore {
  /** Stores bytes under a fresh key, hashing and counting a stream on its way. @throws `checksum_mismatch`, `payload_too_large` */
  abstract put(
    key: BlobKey,
    bytes: Readable | Buffer,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredBlob>;

  /** The bytes, or a part of them. The stream fails if the store breaks off; wrap it in `verified` to know that it is what was put. @throws `range_not_satisfiable` */
  abstract open(key: BlobKey, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;

  /** Size, checksum and time of an object; null when there is none. */
  abstract head(key: BlobKey, signal?: AbortSignal): Promise<BlobHead | null>;

  /** Removes any number of objects; those that do not exist count as removed. */
  abstract delete(keys: readonly BlobKey[]): Promise<void>;

  /** Every object whose key starts with `prefix` (`''` for all), in no particular order; objects written meanwhile may be missing. */
  abstract list(prefix: string): AsyncIterable<BlobEntry>;

  /** Resolves when the store can be used; what readiness asks. */
  abstract check(signal?: AbortSignal): Promise<void>;

  /** Begins an object that arrives in parts. It is invisible until `completeParts`. */
  abstract beginParts(key: BlobKey): Promise<PartsUpload>;

  /** Stores part `number`, replacing an earlier one; a part that fails leaves the earlier one as it was. @throws `checksum_mismatch`, `payload_too_large` */
  abstract putPart(
    upload: PartsUpload,
    number: number,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredPart>;

  /** The parts that are there, by number. */
  abstract listParts(upload: PartsUpload): Promise<readonly StoredPart[]>;

  /**
   * Joins the parts into the object, in ascending order; the upload is spent. With `sha256` the whole is read once and is gone again when it
   * is not that; repeated after a crash in between, it continues with the object that is there.
   * @throws `conflict` when a part is missing or was replaced, `checksum_mismatch`
   */
  abstract completeParts(
    upload: PartsUpload,
    parts: readonly StoredPart[],
    sha256?: Checksum,
    signal?: AbortSignal,
  ): Promise<{ readonly size: number }>;

  /** Aborts an upload and deletes its parts; one that does not exist counts as aborted. */
  abstract abortParts(upload: PartsUpload): Promise<void>;

  /** Removes uploads in parts and half-written files begun before a moment; how many there were. With `dryRun`, only counts. */
  abstract dropUnfinished(before: Date, dryRun: boolean): Promise<number>;
}
