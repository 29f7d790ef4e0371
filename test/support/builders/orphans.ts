import type { Database } from '@adiuva/platform';

/** As if the marked orphans had been found nine days ago. */
export async function ageOrphans(database: Database): Promise<void> {
  await database.query(`UPDATE orphaned_objects SET found_at = found_at - interval '9 days'`);
}
