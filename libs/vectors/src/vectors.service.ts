import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { DEFAULT_COLLECTION, settled, type Collection } from './collection';
import { CollectionStore } from './collection.store';
import { Indexer } from './indexer.service';
import { ItemStore } from './item.store';
import { assertFits, impliedSettings, sizeOf, withoutRepeats, type NewVector } from './vector-item';

/** Stores and deletes sealed vectors. */
@Injectable()
export class Vectors {
  constructor(
    private readonly database: Database,
    private readonly collections: CollectionStore,
    private readonly items: ItemStore,
    private readonly quota: Quota,
    private readonly indexer: Indexer,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores all items or none; gives their number. @throws `not_found` for a collection that was not made, `checksum_mismatch`,
   * `plaintext_vectors`, `validation_failed`, `conflict` for another epoch, `quota_exceeded`, `upgrade_required`
   */
  async upsert(owner: Principal, batch: readonly NewVector[]): Promise<number> {
    this.quota.assertIncluded(owner, 'vectors');
    if (!batch.every(isIntact)) throw new Problem('checksum_mismatch');
    const groups = byCollection(batch);
    await this.database.transaction(async (tx) => {
      for (const [name, items] of groups) await this.store(tx, owner, name, items);
    });
    for (const [name] of groups) await this.indexer.sync(owner.userId, name);
    return groups.reduce((sum, [, items]) => sum + items.length, 0);
  }

  /** Ids that are not there are passed over; gives the number of those that were. @throws `not_found` for an unknown collection */
  async delete(owner: Principal, collection: string, ids: readonly string[]): Promise<number> {
    const deleted = await this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      const known = await this.collections.find(owner.userId, collection, tx);
      if (!known && collection !== DEFAULT_COLLECTION) throw new Problem('not_found');
      const counted = await this.items.counted(tx, owner.userId, collection, ids);
      if (counted.count === 0) return 0;
      const position = await this.quota.charge(tx, owner, 'vectors', {
        bytes: -counted.bytes,
        count: -counted.count,
      });
      await this.indexer.changed(tx, owner.userId, collection);
      return this.items.delete(tx, owner.userId, collection, position, ids);
    });
    if (deleted > 0) await this.indexer.sync(owner.userId, collection);
    return deleted;
  }

  private async store(tx: Tx, owner: Principal, name: string, items: readonly NewVector[]): Promise<void> {
    // What is counted next stays true until the commit.
    await this.quota.lock(tx, owner);
    const collection = await this.collectionFor(tx, owner.userId, name, items);
    assertFits(collection, items);
    const before = await this.items.counted(
      tx,
      owner.userId,
      name,
      items.map(({ id }) => id),
    );
    const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0) - before.bytes;
    const position = await this.quota.charge(tx, owner, 'vectors', { bytes, count: items.length - before.count });
    const withEpochs = items.map((item) => ({ ...item, epoch: item.epoch ?? item.sketch?.epoch ?? collection.epoch }));
    await this.items.upsert(tx, owner.userId, name, position, withEpochs);
    await this.indexer.changed(tx, owner.userId, name);
  }

  private async collectionFor(tx: Tx, userId: string, name: string, items: readonly NewVector[]): Promise<Collection> {
    const known = await this.collections.find(userId, name, tx);
    if (known) return known;
    const implied = impliedSettings(name, items);
    if (!implied) throw new Problem('not_found', { detail: 'Make the collection first' });
    const collection = settled(undefined, name, { ...implied, wrappedKeys: null }, this.clock.now());
    await this.collections.save(tx, userId, collection);
    return collection;
  }
}

function byCollection(batch: readonly NewVector[]): (readonly [name: string, items: NewVector[]])[] {
  const names = [...new Set(batch.map(({ collection }) => collection))];
  return names.map((name) => [name, withoutRepeats(batch.filter(({ collection }) => collection === name))]);
}

function isIntact({ blob, checksum }: NewVector): boolean {
  return createHash('sha256').update(blob).digest().equals(checksum);
}
