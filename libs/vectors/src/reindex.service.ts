import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { Indexer } from './indexer.service';
import { VectorStore } from './index/vector-store.port';

export interface ReindexReport {
  readonly collections: number;
}

interface Place {
  readonly user_id: string;
  readonly name: string;
}

/**
 * Fills the configured index from the rows, collection by collection. Safe while the server runs and after a crash: it writes what the
 * rows say and may be run again.
 */
@Injectable()
export class Reindex {
  constructor(
    private readonly database: Database,
    private readonly index: VectorStore,
    private readonly indexer: Indexer,
  ) {}

  /** Moves every user's sketches into the index that is configured now; the index that was before is left as it is. */
  async run(signal?: AbortSignal): Promise<ReindexReport> {
    if (this.index.readsRows) return { collections: 0 };
    const places = await this.database.query<Place>(
      'SELECT user_id, name FROM vector_collections ORDER BY user_id, name',
    );
    for (const { user_id, name } of places) {
      await this.indexer.rebuild(user_id, name, signal);
    }
    return { collections: places.length };
  }
}
