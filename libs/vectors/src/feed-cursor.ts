import { Problem } from '@adiuva/kernel';

/** Where a reader of a collection's changes stands. */
export interface FeedCursor {
  /** Of the last change that was read; 0 at the beginning. */
  readonly position: number;
  /** Of the last item that was read; those of one batch share a position. */
  readonly id: string;
  /** Where the forgotten deletions ended when the reader began at the beginning; null once he is past them. */
  readonly floor: number | null;
}

export const BEGINNING: FeedCursor = { position: 0, id: '', floor: null };

const CURSOR = /^(\d{1,15}):(\d{1,15})?:([A-Za-z0-9._:-]{0,128})$/;

/** Opaque to clients; it names nothing but the reader's own numbers and ids, so it needs no signature. */
export function formatCursor({ position, id, floor }: FeedCursor): string {
  return Buffer.from(`${position}:${floor ?? ''}:${id}`).toString('base64url');
}

/** @throws `validation_failed` */
export function parseCursor(text: string | undefined): FeedCursor {
  if (text === undefined || text === '') return BEGINNING;
  const [, position, floor, id] = CURSOR.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  if (position === undefined)
    throw new Problem('validation_failed', { errors: [{ field: 'cursor', message: 'cursor is not one of ours' }] });
  return { position: Number(position), id: id ?? '', floor: floor === undefined ? null : Number(floor) };
}

/**
 * The cursor after a change, where deletions up to `floor` are forgotten. @throws `cursor_expired` for a reader who would miss some: he
 * stands below the floor and did not begin at the beginning after it was set.
 */
export function assertFresh(cursor: FeedCursor, floor: number): void {
  const missed = cursor.position > 0 && cursor.position < floor && cursor.floor !== floor;
  if (missed) throw new Problem('cursor_expired');
}

export function advance(
  from: FeedCursor,
  last: { readonly position: number; readonly id: string },
  floor: number,
): FeedCursor {
  const climbing = (from.position === 0 || from.floor !== null) && last.position < floor;
  return { ...last, floor: climbing ? floor : null };
}
