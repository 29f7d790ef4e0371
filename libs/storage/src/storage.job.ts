import { Injectable } from '@nestjs/common';
import { handles, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { FeedPurge } from './feed-purge.service';
import { ObjectRelease } from './object-release.service';
import { ObjectSweep } from './object-sweep.service';

/** Nobody enqueues these: they have their times. What cron adds to the payload is not looked at. */
const Nothing = z.looseObject({});

const RELEASE_OBJECTS = jobKind('storage_release_objects', Nothing);
const SWEEP_OBJECTS = jobKind('storage_sweep_objects', Nothing);
const PURGE_CHANGES = jobKind('storage_purge_changes', Nothing);

/** What the worker does for storage: every minute, and at night (UTC). */
@Injectable()
export class StorageJobs {
  readonly handlers: readonly JobHandler[];

  constructor(release: ObjectRelease, sweep: ObjectSweep, purge: FeedPurge) {
    this.handlers = [
      handles(RELEASE_OBJECTS, async (_, signal) => void (await release.run(signal)), '* * * * *'),
      handles(SWEEP_OBJECTS, async () => void (await sweep.run({ dryRun: false })), '20 3 * * *'),
      handles(PURGE_CHANGES, async (_, signal) => void (await purge.run(signal)), '50 3 * * *'),
    ];
  }
}
