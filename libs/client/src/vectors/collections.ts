import { defaultBeta } from '../ave1/sketcher';
import type { SketchAlgorithm } from '../ave1/sketch';
import { ClientError } from '../client-error';
import { ApiProblem } from '../api/problem';
import type { Vault } from '../crypto/vault';
import { openWith, type VectorCollection } from './vector-collection';
import {
  newVectorKey,
  wrapVectorKey,
  wrappedKeysIn,
  type CollectionMode,
  type CollectionPlan,
  type WrappedKey,
} from './vector-keys';
import { MemoryVectorCache, type VectorCache } from './vector-store';
import type { VectorsApi } from './vectors-api';

/** What a collection is to be, where it is not there yet. */
export interface CollectionOptions {
  readonly name: string;
  /** `local` unless the user has read the leakage statement and chosen `sketch`. */
  readonly mode?: CollectionMode;
  readonly model: string;
  readonly dim: number;
  readonly alg?: SketchAlgorithm;
  /** In thousandths; the default is `defaultBeta(dim)`. */
  readonly beta?: number;
}

/** The server's collection is not what this client asked for. */
export class CollectionMismatchError extends ClientError {
  constructor(name: string) {
    super('CollectionMismatchError', `the collection ${name} is of another mode, model or dimension`);
  }
}

/** Makes, opens and re-keys collections of vectors. */
export class VectorCollections {
  constructor(private readonly api: VectorsApi) {}

  /** Opens the collection, made with a fresh key where there is none. Throws `CollectionMismatchError` when it is there and different. */
  async open(
    vault: Vault,
    wanted: CollectionOptions,
    cache: VectorCache = new MemoryVectorCache(),
  ): Promise<VectorCollection> {
    const wrapped = (await this.keysOf(wanted.name)) ?? (await this.make(vault, planOf(wanted, 1)));
    const collection = await openWith(this.api, vault, wrapped, cache);
    const { mode, model, dim } = collection.plan;
    if (mode !== (wanted.mode ?? 'local') || model !== wanted.model || dim !== wanted.dim)
      throw new CollectionMismatchError(wanted.name);
    return collection;
  }

  /**
   * A new epoch with a fresh key: after a device was lost, or for another model. Store every item again; until then the epoch before is
   * searched too.
   */
  async rotate(
    vault: Vault,
    wanted: CollectionOptions,
    cache: VectorCache = new MemoryVectorCache(),
  ): Promise<VectorCollection> {
    const known = (await this.keysOf(wanted.name)) ?? [];
    const newest = known.reduce((max, { epoch }) => Math.max(max, epoch), 0);
    const plan = planOf(wanted, newest + 1);
    const wrapped = [await wrapVectorKey(vault, plan, newVectorKey()), ...known];
    await this.api.settle(wanted.name, settingsOf(plan, wrapped));
    return openWith(this.api, vault, wrapped, cache);
  }

  private async keysOf(name: string): Promise<WrappedKey[] | undefined> {
    try {
      const { wrapped_keys } = await this.api.collection(name);
      return wrappedKeysIn(name, wrapped_keys);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  private async make(vault: Vault, plan: CollectionPlan): Promise<WrappedKey[]> {
    const wrapped = [await wrapVectorKey(vault, plan, newVectorKey())];
    try {
      await this.api.settle(plan.name, settingsOf(plan, wrapped), true);
      return wrapped;
    } catch (error) {
      // Another device was first: its keys are the collection's.
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      return (await this.keysOf(plan.name)) ?? [];
    }
  }
}

function planOf(
  { name, mode = 'local', model, dim, alg = 'ave1-f16', beta }: CollectionOptions,
  epoch: number,
): CollectionPlan {
  return { name, mode, epoch, model, dim, alg, beta: beta ?? defaultBeta(dim) };
}

function settingsOf({ mode, model, dim, alg, beta, epoch }: CollectionPlan, wrapped: readonly WrappedKey[]) {
  return { mode, model, dim, alg, beta, epoch, wrapped_keys: [...wrapped] };
}
