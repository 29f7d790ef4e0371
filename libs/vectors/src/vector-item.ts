import { invalidField, Problem } from '@adiuva/kernel';
import { DEFAULT_COLLECTION, sameForm, type Collection, type SketchForm } from './collection';
import { looksUnencrypted } from './plaintext-check';
import { sketchFault } from './sketch';

/** A sketch as it came. `data` is what the base64 stood for. */
export interface NewSketch extends SketchForm {
  readonly epoch: number;
  readonly data: Buffer;
}

/** An item as it came, its checksum already compared. `epoch` is that of the keys that sealed the blob. */
export interface NewVector {
  readonly collection: string;
  readonly id: string;
  readonly blob: Buffer;
  readonly checksum: Buffer;
  readonly epoch: number | null;
  readonly sketch: NewSketch | null;
}

/** Largest sealed vector with its metadata; content belongs into a record. */
export const MAX_BLOB_BYTES = 65_536;

/** Bytes that an item counts for. */
export function sizeOf({ blob, sketch }: Pick<NewVector, 'blob' | 'sketch'>): number {
  return blob.length + (sketch?.data.length ?? 0);
}

/** The last of several items with one id is the one that counts. */
export function withoutRepeats(items: readonly NewVector[]): NewVector[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/**
 * The settings that an unmade default collection takes from the first sketch that is sent to it: sending a sketch is choosing the mode.
 */
export function impliedSettings(
  name: string,
  items: readonly NewVector[],
): Pick<Collection, 'mode' | 'epoch' | 'form'> | undefined {
  if (name !== DEFAULT_COLLECTION) return undefined;
  const first = items.find((item) => item.sketch)?.sketch;
  if (!first) return { mode: 'local', epoch: items.find((item) => item.epoch !== null)?.epoch ?? 1, form: null };
  const { model, dim, alg, beta } = first;
  return { mode: 'sketch', epoch: first.epoch, form: { model, dim, alg, beta } };
}

/** @throws `validation_failed`, `conflict` for another epoch, `plaintext_vectors` when the batch looks unencrypted */
export function assertFits(collection: Collection, items: readonly NewVector[]): void {
  for (const item of items) assertItemFits(collection, item);
  const numbers = items.flatMap(({ sketch }) => (sketch?.alg === 'ave1-f16' ? [sketch.data] : []));
  if (looksUnencrypted(numbers)) throw new Problem('plaintext_vectors');
}

function assertItemFits(collection: Collection, { id, epoch, sketch }: NewVector): void {
  const live = [collection.epoch, ...(collection.previousEpoch === null ? [] : [collection.previousEpoch])];
  if (epoch !== null && !live.includes(epoch)) throw epochConflict(collection);
  if (!sketch) {
    if (collection.mode === 'sketch' && collection.name !== DEFAULT_COLLECTION)
      throw invalid(id, 'an item needs a sketch in this collection');
    return;
  }
  if (collection.mode !== 'sketch')
    throw invalid(id, 'an item must not have a sketch: this collection is searched on the client');
  if (sketch.epoch !== collection.epoch || (epoch !== null && epoch !== sketch.epoch)) throw epochConflict(collection);
  if (collection.form && !sameForm(collection.form, sketch)) {
    throw invalid(id, 'a sketch must have the model, dimension, algorithm and beta of its collection');
  }
  const fault = sketchFault(sketch, sketch.data);
  if (fault) throw invalid(id, `a sketch ${fault}`);
}

function epochConflict({ epoch }: Collection): Problem {
  return new Problem('conflict', { detail: `The collection is at epoch ${epoch}` });
}

function invalid(id: string, message: string): Problem {
  return invalidField('vectors.sketch', `${id}: ${message}`);
}
