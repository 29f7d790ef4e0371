/** Of the marks of erased accounts in the blob store. */
export const ERASED_PREFIX = 'erased/';

/** A marker in the blob store: the installation that the store belongs to, and the last start that it has seen. */
export interface Marker {
  readonly id: string;
  readonly generation: number;
}

export interface DatabaseIdentity {
  readonly id: string;
  readonly marked: boolean;
}

export type Comparison =
  | { readonly outcome: 'match'; readonly generation: number }
  | { readonly outcome: 'unmarked' }
  | { readonly outcome: 'refused'; readonly reason: string };

const WAY_OUT =
  'Connect the database and the blob store that belong together (restore the missing one from its backup). If this very pair is wanted, run ' +
  '`npm run admin -- installation adopt`: it binds the store to the database; objects that the database does not name are then deleted by later sweeps.';

/** Whether a database and the markers of a blob store belong together. `unmarked`: neither side is known to belong to another. */
export function compareIdentity(database: DatabaseIdentity | null, markers: readonly Marker[]): Comparison {
  const foreign = markers.find(({ id }) => id !== database?.id);
  if (database && foreign) {
    return refused(`The database belongs to installation ${database.id}, but the blob store to ${foreign.id}.`);
  }
  if (foreign)
    return refused(`The database is new or older than its installation, but the blob store belongs to ${foreign.id}.`);
  if (markers.length > 0) return { outcome: 'match', generation: Math.max(...markers.map((own) => own.generation)) };
  if (database?.marked) {
    return refused(
      `The blob store has lost the marker of installation ${database.id}: it is empty, new or another one.`,
    );
  }
  return { outcome: 'unmarked' };
}

export function refused(reason: string): Comparison & { outcome: 'refused' } {
  return { outcome: 'refused', reason: `${reason} ${WAY_OUT}` };
}
