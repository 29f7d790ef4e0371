import { invalidField, type Problem } from '@adiuva/kernel';
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES } from '@adiuva/platform';

/** How an upload is cut: every chunk has `chunkSize` bytes, the last one what is left. */
export interface ChunkPlan {
  readonly sizeBytes: number;
  readonly chunkSize: number;
  readonly count: number;
}

/** Number of an upload's first chunk. Chunks count from 0; a client that counts from 1 is understood as well. */
export type FirstNumber = 0 | 1;

export const MAX_CHUNK_BYTES = MAX_PART_BYTES;
/** One less than the store takes, since the last number may be the count itself. */
export const MAX_CHUNKS = MAX_PARTS - 1;

/** @throws `validation_failed` when a chunk is too large, or there would be too many */
export function chunkPlan(sizeBytes: number, chunkSize: number): ChunkPlan {
  const whole = Number.isSafeInteger(sizeBytes) && Number.isSafeInteger(chunkSize) && sizeBytes > 0 && chunkSize > 0;
  const count = Math.ceil(sizeBytes / chunkSize);
  if (!whole || chunkSize > MAX_CHUNK_BYTES || count > MAX_CHUNKS) {
    const message = `must be 1 to ${MAX_CHUNK_BYTES} and cut size_bytes into ${MAX_CHUNKS} chunks at most`;
    throw invalidField('chunk_size', message);
  }
  return { sizeBytes, chunkSize, count };
}

/** Whether the chunks may be parts of a multipart upload; smaller ones are kept apart until the whole is put together. */
export function fitsParts(plan: ChunkPlan): boolean {
  return plan.count === 1 || plan.chunkSize >= MIN_PART_BYTES;
}

/** What a chunk's number says about the first one's: only the two ends say anything. */
export function firstNumberFrom(plan: ChunkPlan, number: number): FirstNumber | null {
  if (number === 0) return 0;
  return number === plan.count ? 1 : null;
}

/** Least and most bytes of a chunk. They differ only for the one chunk of which the numbering decides whether it is the last. @throws `validation_failed` */
export function chunkBytes(
  plan: ChunkPlan,
  number: number,
  known: FirstNumber | null,
): { readonly min: number; readonly max: number } {
  const first = known ?? firstNumberFrom(plan, number);
  const from = first ?? 0;
  const to = plan.count - 1 + (first ?? 1);
  if (!Number.isInteger(number) || number < from || number > to) throw outside(from, to);
  if (first !== null) {
    const size = sizeAt(plan, number - first);
    return { min: size, max: size };
  }
  return { min: sizeAt(plan, number), max: sizeAt(plan, number - 1) };
}

/** Whether a chunk of this size may stand there; what `chunkBytes` lets through, less the sizes in between. */
export function isChunkSize(plan: ChunkPlan, number: number, known: FirstNumber | null, size: number): boolean {
  const { min, max } = chunkBytes(plan, number, known);
  return size === min || size === max;
}

/** Numbers of the chunks that are not there yet, ascending. */
export function missingChunks(plan: ChunkPlan, known: FirstNumber | null, there: readonly number[]): number[] {
  const present = new Set(there);
  const first = known ?? 0;
  return Array.from({ length: plan.count }, (_, index) => index + first).filter((number) => !present.has(number));
}

function sizeAt(plan: ChunkPlan, index: number): number {
  return index === plan.count - 1 ? plan.sizeBytes - plan.chunkSize * (plan.count - 1) : plan.chunkSize;
}

function outside(from: number, to: number): Problem {
  return invalidField('n', `must be ${from} to ${to} in this upload`);
}
