import { Injectable } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { MAX_COLLECTIONS, settled, type Collection, type CollectionSettings } from './collection';
import { CollectionStore } from './collection.store';
import { Indexer } from './indexer.service';
import { ItemStore } from './item.store';

/** The settings of a user's collections of vectors. */
@Injectable()
export class Collections {
  constructor(
    private readonly database: Database,
    private readonly store: CollectionStore,
    private readonly items: ItemStore,
    private readonly quota: Quota,
    private readonly indexer: Indexer,
    private readonly clock: Clock,
  ) {}

  async list(owner: Principal): Promise<Collection[]> {
    await this.quota.assertReadable(owner, 'vectors');
    return this.store.list(owner.userId);
  }

  /** @throws `not_found` */
  async get(owner: Principal, name: string): Promise<Collection> {
    await this.quota.assertReadable(owner, 'vectors');
    const collection = await this.store.find(owner.userId, name);
    if (!collection) throw new Problem('not_found');
    return collection;
  }

  /**
   * Makes or changes a collection. A higher epoch begins a change of keys: sketches of the epoch before stay searchable until their
   * items are stored again, older ones are dropped. Going back to `local` drops all. `onlyNew` keeps two devices from overwriting each
   * other's wrapped keys. @throws `conflict`, `precondition_failed`, `upgrade_required`
   */
  async put(owner: Principal, name: string, wanted: CollectionSettings, onlyNew: boolean): Promise<Collection> {
    this.quota.assertIncluded(owner, 'vectors');
    const collection = await this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      const current = await this.store.find(owner.userId, name, tx);
      if (current && onlyNew) throw new Problem('precondition_failed');
      if (!current) await this.assertRoomForOneMore(owner, tx);
      const next = settled(current, name, wanted, this.clock.now());
      await this.store.save(tx, owner.userId, next);
      if (current) await this.dropStale(tx, owner, next);
      return next;
    });
    await this.indexer.sync(owner.userId, name);
    return collection;
  }

  /** Deletes a collection with its items. @throws `not_found` */
  async delete(owner: Principal, name: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      if (!(await this.store.find(owner.userId, name, tx))) throw new Problem('not_found');
      const counted = await this.items.countedAll(tx, owner.userId, name);
      const position = await this.quota.charge(tx, owner, 'vectors', {
        bytes: -counted.bytes,
        count: -counted.count,
      });
      await this.items.delete(tx, owner.userId, name, position, null);
      await this.store.delete(tx, owner.userId, name);
      await this.indexer.changed(tx, owner.userId, name);
    });
    await this.indexer.sync(owner.userId, name);
  }

  private async dropStale(tx: Tx, owner: Principal, { name, mode, epoch, previousEpoch }: Collection): Promise<void> {
    const live = mode === 'local' ? [] : [epoch, ...(previousEpoch === null ? [] : [previousEpoch])];
    const bytes = await this.items.staleSketchBytes(tx, owner.userId, name, live);
    if (bytes === 0) return;
    const position = await this.quota.charge(tx, owner, 'vectors', { bytes: -bytes, count: 0 });
    await this.items.dropStaleSketches(tx, owner.userId, name, position, live);
    await this.indexer.changed(tx, owner.userId, name);
  }

  private async assertRoomForOneMore(owner: Principal, tx: Tx): Promise<void> {
    const { length } = await this.store.list(owner.userId, tx);
    if (length >= MAX_COLLECTIONS)
      throw new Problem('unprocessable', { detail: `A user has at most ${MAX_COLLECTIONS} collections` });
  }
}
