import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { ChangeRetention } from './changes/change-retention.service';
import { ReleasedObjectCleaner } from './objects/released-object-cleaner.service';
import { OrphanCollector } from './objects/orphan-collector.service';

/** Started by their schedule alone; what cron adds to the payload is ignored. */
const Empty = z.looseObject({});

const RELEASE_OBJECTS = jobKind('storage_release_objects', Empty);
const SWEEP_OBJECTS = jobKind('storage_sweep_objects', Empty);
const PURGE_CHANGES = jobKind('storage_purge_changes', Empty);

/** Background jobs of storage: every minute, and at night (UTC). */
@Injectable()
export class StorageJobs {
  readonly handlers: readonly JobHandler[];

  constructor(release: ReleasedObjectCleaner, sweep: OrphanCollector, purge: ChangeRetention) {
    this.handlers = [
      jobHandler(RELEASE_OBJECTS, async (_, signal) => void (await release.run(signal)), '* * * * *'),
      jobHandler(SWEEP_OBJECTS, async (_, signal) => void (await sweep.run({ dryRun: false }, signal)), '20 3 * * *'),
      jobHandler(PURGE_CHANGES, async (_, signal) => void (await purge.run(signal)), '50 3 * * *'),
    ];
  }
}
