import { invalidField, Problem } from '@adiuva/kernel';

/**
 * The place of a reader in a change feed of records or vectors: `POSITION[.FLOOR][-EPOCH][~ID]`. Opaque to clients; it names only numbers
 * and ids of the reader's own, so it needs no signature.
 */
export interface FeedCursor {
  /** Of the last change that was read; 0 at the beginning. */
  readonly position: number;
  /** Of the last item that was read, where those of one batch share a position; otherwise ''. */
  readonly id: string;
  /** The floor as it was when the reader started at the beginning; null for a reader that has passed it. */
  readonly floor: number | null;
  /** Of the feed in which the position was read; '' at the beginning. */
  readonly epoch: string;
}

/** What the feed contains now. */
export interface FeedState {
  /** Changes up to here that no longer matter (deletions, overwritten versions) have been deleted. */
  readonly floor: number;
  /** Another one after the database was restored: positions are then used again for other changes. */
  readonly epoch: string;
}

export const CURSOR_PATTERN = /^(\d{1,15})(?:\.(\d{1,15}))?(?:-([0-9a-f]{12}))?(?:~([A-Za-z0-9._:-]{1,128}))?$/;
export const MAX_CURSOR_LENGTH = 180;

const BEGINNING: FeedCursor = { position: 0, id: '', floor: null, epoch: '' };

/** @throws `validation_failed` */
export function parseCursor(text: string | undefined): FeedCursor {
  if (text === undefined || text === '') return BEGINNING;
  const [, position, floor, epoch = '', id = ''] = CURSOR_PATTERN.exec(text) ?? [];
  if (position === undefined) throw invalidField('cursor', 'is not a cursor of this feed');
  return { position: Number(position), id, floor: floor === undefined ? null : Number(floor), epoch };
}

export function formatCursor({ position, id, floor, epoch }: FeedCursor): string {
  return [
    String(position),
    floor === null ? '' : `.${floor}`,
    epoch === '' ? '' : `-${epoch}`,
    id === '' ? '' : `~${id}`,
  ].join('');
}

/** The epoch of an installation as a cursor has it. */
export function cursorEpoch(installationEpoch: string): string {
  return installationEpoch.slice(-12);
}

/**
 * @throws `cursor_expired` for a reader that would miss changes: its position is of another epoch, or below a floor that was raised after
 * the reader started at the beginning
 */
export function assertCurrent(cursor: FeedCursor, { floor, epoch }: FeedState): void {
  if (cursor.position === 0) return;
  const passedOver = cursor.position < floor && cursor.floor !== floor;
  if (cursor.epoch !== epoch || passedOver) throw new Problem('cursor_expired');
}

/** The cursor after a page that ended at `last`. */
export function advance(
  from: FeedCursor,
  last: { readonly position: number; readonly id?: string },
  { floor, epoch }: FeedState,
): FeedCursor {
  const belowFloor = (from.position === 0 || from.floor !== null) && last.position < floor;
  return { position: last.position, id: last.id ?? '', floor: belowFloor ? floor : null, epoch };
}
