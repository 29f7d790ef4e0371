import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { jobHandler, type JobHandler } from '@adiuva/platform';
import { Indexer, REBUILD_VECTOR_INDEX, SYNC_VECTOR_INDEX } from './indexer.service';
import { PURGE_VECTOR_TOMBSTONES, VectorFeed } from './vector-feed.service';

/** Background jobs of vectors. */
@Injectable()
export class VectorJobs {
  readonly handlers: readonly JobHandler[];

  constructor(indexer: Indexer, feed: VectorFeed) {
    this.handlers = [
      jobHandler(SYNC_VECTOR_INDEX, async ({ userId, collection }, signal) => {
        // Another process holds the lease and may die: try again later.
        if (!(await indexer.catchUp(userId, collection, signal))) throw new Problem('unavailable');
      }),
      jobHandler(REBUILD_VECTOR_INDEX, ({ userId, collection }, signal) => indexer.rebuild(userId, collection, signal)),
      jobHandler(PURGE_VECTOR_TOMBSTONES, () => feed.purge(), '41 3 * * *'),
    ];
  }
}
