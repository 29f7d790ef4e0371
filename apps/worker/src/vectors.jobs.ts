import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { jobHandler, type JobHandler } from '@adiuva/platform';
import { SYNC_VECTOR_INDEX, Indexer, PURGE_VECTOR_TOMBSTONES, VectorFeed } from '@adiuva/vectors';

/** Keeps an index outside the database in step, and forgets old deletions. */
@Injectable()
export class VectorJobs {
  readonly handlers: readonly JobHandler[];

  constructor(indexer: Indexer, feed: VectorFeed) {
    this.handlers = [
      jobHandler(SYNC_VECTOR_INDEX, async ({ userId, collection }, signal) => {
        // Another process is at it and may yet die: come back.
        if (!(await indexer.catchUp(userId, collection, signal))) throw new Problem('unavailable');
      }),
      jobHandler(PURGE_VECTOR_TOMBSTONES, () => feed.purge(), '41 3 * * *'),
    ];
  }
}
