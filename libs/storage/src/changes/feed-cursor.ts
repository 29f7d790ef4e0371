/**
 * Where a reader of the change feed stands. On the wire it is `POSITION`, or `POSITION.FLOOR` while a reader that began at the
 * beginning has not yet passed the floor. It names nothing but numbers of the reader's own ledger, so it needs no signature.
 */
export interface FeedCursor {
  /** Of the last change that was read; 0 at the beginning. */
  readonly position: number;
  /** The floor as it was when the reader began at the beginning; null for a reader that began above it. */
  readonly floor: number | null;
}

/** What the feed can still tell. Changes up to `floor` that no longer matter (deletions, overwritten versions) have been forgotten. */
export interface FeedState {
  readonly floor: number;
  /** Of the user's last change. */
  readonly last: number;
}

const CURSOR = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

export const BEGINNING: FeedCursor = { position: 0, floor: null };

/** Null when the text is no cursor. */
export function parseCursor(text: string): FeedCursor | null {
  const [, position, floor] = CURSOR.exec(text) ?? [];
  if (position === undefined) return null;
  return { position: Number(position), floor: floor === undefined ? null : Number(floor) };
}

export function formatCursor(cursor: FeedCursor): string {
  return cursor.floor === null ? String(cursor.position) : `${cursor.position}.${cursor.floor}`;
}

/**
 * Whether a reader would miss something from here on: he is below the floor and either never began at the beginning, or
 * began before something more was forgotten; or he is ahead of the ledger, which then was restored from a backup.
 */
export function isExpired(cursor: FeedCursor, state: FeedState): boolean {
  if (cursor.position > state.last) return true;
  if (cursor.position === 0 || cursor.position >= state.floor) return false;
  return cursor.floor !== state.floor;
}

/** The cursor after a page that ended at `position`. */
export function advance(from: FeedCursor, position: number, state: FeedState): FeedCursor {
  const climbing = (from.position === 0 || from.floor !== null) && position < state.floor;
  return { position, floor: climbing ? state.floor : null };
}
