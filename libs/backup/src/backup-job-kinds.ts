import { jobKind } from '@adiuva/platform';
import { z } from 'zod';

/** Deletes the objects of a backup or upload that no row names. */
export const RELEASE_BACKUP = jobKind(
  'release_backup',
  z.object({ userId: z.uuid(), id: z.uuid(), parts: z.object({ key: z.string(), id: z.string() }).nullable() }),
);

/** Puts into the trash what the user's retention rule does not keep. */
export const RETAIN_BACKUPS = jobKind('retain_backups', z.object({ userId: z.uuid() }));

/** Verifies one backup, because a download found it damaged. */
export const SCRUB_BACKUP = jobKind('scrub_backup', z.object({ id: z.uuid() }));

/** Verifies every backup. */
export const SCRUB_BACKUPS = jobKind('scrub_backups', z.unknown());

/** Aborts expired uploads and purges what has been in the trash long enough. */
export const EXPIRE_BACKUPS = jobKind('expire_backups', z.unknown());

/** Deletes objects that no row has named for days. */
export const SWEEP_BACKUPS = jobKind('sweep_backups', z.unknown());
