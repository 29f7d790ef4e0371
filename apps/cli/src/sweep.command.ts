import type { Environment } from '@adiuva/config';
import type { SweepReport } from '@adiuva/platform';
import { OrphanCollector, type LossReport } from '@adiuva/storage';
import { inContext } from './command-context';

const MAX_NAMED = 50;

/** Counts the objects of records that no row names; with `remove` marks them, and deletes those marked for days. Safe while the server runs. */
export function sweep(environment: Environment, options: { remove: boolean; force: boolean }): Promise<string> {
  const { remove, force } = options;
  return inContext(environment, async (app) =>
    described(await app.get(OrphanCollector).run({ dryRun: !remove, force }), remove),
  );
}

/** Looks for records whose object is gone; asks the store once for each record. */
export function findLosses(environment: Environment): Promise<string> {
  return inContext(environment, async (app) => named(await app.get(OrphanCollector).losses()));
}

function described({ seen, orphans, orphanBytes, removed, refused, unfinished }: SweepReport, remove: boolean): string {
  const found = `${seen} objects of records, of which no row names ${orphans} (${orphanBytes} bytes); ${unfinished} unfinished uploads.`;
  if (!remove) return `${found} Nothing was removed.`;
  if (refused && removed === 0)
    return `${found} Nothing was removed, because that is too great a share: check the database first, then "sweep remove force".`;
  return `${found} Removed ${removed} objects and the unfinished uploads; the other ${orphans - removed} are marked, and removed after BLOB_ORPHAN_DAYS.`;
}

function named({ records, lost }: LossReport): string {
  if (lost.length === 0) return `Each of ${records} records has its object.`;
  const some = lost.slice(0, MAX_NAMED).map(({ userId, id }) => `  ${userId} ${id}`);
  return [`Of ${records} records ${lost.length} have lost their object (user and record):`, ...some].join('\n');
}
