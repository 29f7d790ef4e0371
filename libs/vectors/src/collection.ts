import { Problem } from '@adiuva/kernel';

export const COLLECTION_MODES = ['local', 'sketch'] as const;
/** Where a collection is searched: on the client alone, or over sketches on the server too. */
export type CollectionMode = (typeof COLLECTION_MODES)[number];

export const SKETCH_ALGORITHMS = ['ave1-f16', 'ave1-bit'] as const;
export type SketchAlgorithm = (typeof SKETCH_ALGORITHMS)[number];

export const COLLECTION_NAME = /^[a-z][a-z0-9_]{0,62}$/;
export const MODEL_NAME = /^[A-Za-z0-9._:/@+-]{1,128}$/;
export const ITEM_ID = /^[A-Za-z0-9._:-]{1,128}$/;
export const MAX_DIM = 4096;
export const MAX_BETA = 100_000;
export const MAX_EPOCH = 2_147_483_647;
export const MAX_COLLECTIONS = 100;
/** The collection that exists without being made. */
export const DEFAULT_COLLECTION = 'default';

/** What makes two sketches comparable: all of it must be equal. `beta` is in thousandths. */
export interface SketchForm {
  readonly model: string;
  readonly dim: number;
  readonly alg: SketchAlgorithm;
  readonly beta: number;
}

/** What a client settles about a collection. `form` is null where only the client searches and does not say what it searches by. */
export interface CollectionSettings {
  readonly mode: CollectionMode;
  readonly epoch: number;
  readonly form: SketchForm | null;
  /** The client's wrapped keys as JSON text; nothing here reads it. */
  readonly wrappedKeys: string | null;
}

export interface Collection extends CollectionSettings {
  readonly name: string;
  /** The epoch before the last change of keys or model; its sketches live until their items are stored again. */
  readonly previousEpoch: number | null;
  readonly previousForm: SketchForm | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A new collection, or a known one with new settings. @throws `conflict` when its sketches could no longer be compared */
export function settled(
  current: Collection | undefined,
  name: string,
  wanted: CollectionSettings,
  now: Date,
): Collection {
  if (!current) return { name, ...wanted, previousEpoch: null, previousForm: null, createdAt: now, updatedAt: now };
  if (wanted.epoch < current.epoch) throw conflict(`The collection is at epoch ${current.epoch}`);
  if (wanted.epoch > current.epoch) {
    return { ...current, ...wanted, previousEpoch: current.epoch, previousForm: current.form, updatedAt: now };
  }
  if (current.form && wanted.form && !sameForm(current.form, wanted.form)) {
    throw conflict('Another model, dimension, algorithm or beta needs a higher epoch');
  }
  return { ...current, ...wanted, form: wanted.form ?? current.form, updatedAt: now };
}

/** The form of the sketches of a live epoch; undefined for any other. */
export function formOf(collection: Collection, epoch: number): SketchForm | undefined {
  if (collection.mode !== 'sketch') return undefined;
  if (epoch === collection.epoch) return collection.form ?? undefined;
  return epoch === collection.previousEpoch ? (collection.previousForm ?? undefined) : undefined;
}

export function sameForm(a: SketchForm, b: SketchForm): boolean {
  return a.model === b.model && a.dim === b.dim && a.alg === b.alg && a.beta === b.beta;
}

function conflict(detail: string): Problem {
  return new Problem('conflict', { detail });
}
