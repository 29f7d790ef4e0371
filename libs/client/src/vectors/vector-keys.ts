import type { SketchAlgorithm } from '../ave1/sketch';
import { fromBase64, randomBytes, toBase64, type Bytes } from '../crypto/bytes';
import { associatedData } from '../crypto/associated-data';
import type { Vault } from '../crypto/vault';

/** Where a collection is searched: on the client alone, or over sketches on the server too. */
export type CollectionMode = 'local' | 'sketch';

/** What a collection's keys are for. All of it is bound to the wrapped key, so a server that changes a setting locks the key. */
export interface CollectionPlan {
  readonly name: string;
  readonly mode: CollectionMode;
  readonly epoch: number;
  readonly model: string;
  readonly dim: number;
  readonly alg: SketchAlgorithm;
  /** In thousandths. */
  readonly beta: number;
}

/** One epoch's key, wrapped under the account key; the server keeps these and cannot open them. */
export interface WrappedKey {
  readonly epoch: number;
  readonly wrap: string;
  /** The settings of that epoch, which the wrap is bound to. */
  readonly plan: CollectionPlan;
}

export function newVectorKey(): Bytes {
  return randomBytes(32);
}

export async function wrapVectorKey(vault: Vault, plan: CollectionPlan, key: Bytes): Promise<WrappedKey> {
  return { epoch: plan.epoch, plan, wrap: toBase64(await vault.aead('vectors').seal(key, planPlace(vault, plan))) };
}

/** Throws `DecryptError` when the wrap is not this user's, or was made for other settings. */
export function unwrapVectorKey(vault: Vault, { plan, wrap }: WrappedKey): Promise<Bytes> {
  return vault.aead('vectors').open(fromBase64(wrap), planPlace(vault, plan));
}

/**
 * Wrapped keys of this collection as a server gave them back. Anything of another shape is passed over, and so is a key of another
 * collection or epoch: it would open, and what is stored next would go where the user did not mean it to.
 */
export function wrappedKeysIn(name: string, value: unknown): WrappedKey[] {
  const keys = Array.isArray(value) ? value.filter(isWrappedKey) : [];
  return keys.filter(({ epoch, plan }) => plan.name === name && plan.epoch === epoch && Number.isSafeInteger(epoch));
}

function planPlace(vault: Vault, plan: CollectionPlan): string {
  const { name, mode, epoch, model, dim, alg, beta } = plan;
  return associatedData('adiuva/vector-key/1', vault.userId, name, mode, epoch, model, dim, alg, beta);
}

function isWrappedKey(value: unknown): value is WrappedKey {
  if (typeof value !== 'object' || value === null || !('plan' in value)) return false;
  const { plan } = value;
  return (
    'wrap' in value && typeof value.wrap === 'string' && 'epoch' in value && typeof plan === 'object' && plan !== null
  );
}
