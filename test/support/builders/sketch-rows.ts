import { createHash } from 'node:crypto';
import type { Database, Tx } from '@adiuva/platform';
import { CollectionStore } from '../../../libs/vectors/src/collection.store';
import { ItemStore } from '../../../libs/vectors/src/item.store';
import type { IndexedCollection, IndexedVector } from '../../../libs/vectors/src/index/vector-store.port';
import { encodeHalves } from '../../../libs/client/src/ave1/half';

/** Writes sketches as the service would, for tests of an index that reads the rows. Positions rise with every call. */
export class SketchRows {
  private position = 0;
  private readonly items: ItemStore;
  private readonly collections: CollectionStore;

  constructor(private readonly database: Database) {
    this.items = new ItemStore(database);
    this.collections = new CollectionStore(database);
  }

  write({ userId, collection }: IndexedCollection, vectors: readonly IndexedVector[]): Promise<void> {
    const blob = Buffer.from('sealed');
    const rows = vectors.map(({ id, epoch, numbers }) => ({
      ...{ collection, id, blob, epoch, checksum: createHash('sha256').update(blob).digest() },
      sketch: {
        alg: 'ave1-f16' as const,
        epoch,
        model: 'm',
        dim: numbers.length,
        beta: 0,
        data: Buffer.from(encodeHalves(numbers)),
      },
    }));
    return this.change((tx, position) => this.items.upsert(tx, userId, collection, position, rows));
  }

  remove({ userId, collection }: IndexedCollection, ids: readonly string[] | null): Promise<void> {
    return this.change((tx, position) => this.items.delete(tx, userId, collection, position, ids));
  }

  erase(userId: string): Promise<void> {
    return this.change(async (tx) => {
      await this.items.erase(tx, userId);
      await this.collections.erase(tx, userId);
    });
  }

  private async change(work: (tx: Tx, position: number) => Promise<unknown>): Promise<void> {
    this.position += 1;
    await this.database.transaction((tx) => work(tx, this.position));
  }
}
