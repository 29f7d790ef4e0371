import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { CollectionStore } from './collection.store';
import { ItemStore } from './item.store';
import { VectorStore } from './index/vector-store.port';

/** Erases all vectors of a user: rows first, so that an indexer in progress finds none. May be run again at any point. */
@Injectable()
export class VectorErasure {
  constructor(
    private readonly database: Database,
    private readonly items: ItemStore,
    private readonly collections: CollectionStore,
    private readonly index: VectorStore,
  ) {}

  async erase(userId: string, signal?: AbortSignal): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.items.erase(tx, userId);
      await this.collections.erase(tx, userId);
    });
    await this.index.erase(userId, signal);
  }
}
