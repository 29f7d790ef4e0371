import { ave1Keys, Sketcher } from '../ave1/sketcher';
import { VectorSealer, type VectorContent } from '../ave1/vector-blob';
import type { Bytes } from '../crypto/bytes';
import type { Vault } from '../crypto/vault';
import { unwrapVectorKey, type CollectionPlan, type WrappedKey } from './vector-keys';

/** What one epoch of a collection seals and sketches with. */
export interface EpochKeys {
  readonly plan: CollectionPlan;
  readonly sealer: VectorSealer;
  readonly sketcher: Sketcher;
}

/** The unlocked keys of a collection, newest epoch first. */
export class CollectionKeys {
  private constructor(
    private readonly userId: string,
    private readonly epochs: ReadonlyMap<number, EpochKeys>,
    readonly current: EpochKeys,
  ) {}

  /** Throws `DecryptError` when a key is not this user's or its settings were changed. */
  static async unlock(vault: Vault, wrapped: readonly WrappedKey[]): Promise<CollectionKeys> {
    const keys = await Promise.all(wrapped.map(async (one) => epochKeys(one.plan, await unwrapVectorKey(vault, one))));
    const sorted = keys.sort((a, b) => b.plan.epoch - a.plan.epoch);
    const [current] = sorted;
    if (!current) throw new RangeError('the collection holds no keys of this client');
    return new CollectionKeys(vault.userId, new Map(sorted.map((one) => [one.plan.epoch, one])), current);
  }

  of(epoch: number): EpochKeys | undefined {
    return this.epochs.get(epoch);
  }

  seal(id: string, content: VectorContent): Promise<Bytes> {
    return this.current.sealer.seal(this.place(id, this.current), content);
  }

  /** Throws `DecryptError` for bytes of another user, collection, item, epoch or model. */
  open(id: string, epoch: number, blob: Uint8Array): Promise<VectorContent> {
    const keys = this.epochs.get(epoch);
    if (!keys) return Promise.reject(new RangeError(`no key of epoch ${epoch}`));
    return keys.sealer.open(this.place(id, keys), blob);
  }

  private place(id: string, { plan }: EpochKeys) {
    return { userId: this.userId, collection: plan.name, id, epoch: plan.epoch, model: plan.model };
  }
}

function epochKeys(plan: CollectionPlan, vectorKey: Bytes): EpochKeys {
  const keys = ave1Keys(vectorKey, plan.model, plan.dim);
  return { plan, sealer: new VectorSealer(keys), sketcher: new Sketcher(keys, plan.dim, plan.beta) };
}
