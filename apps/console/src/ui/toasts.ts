import { messageOf, requestIdOf } from './problem';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly onUndo?: () => unknown;
}

const MAX_SHOWN = 3;
let toasts: readonly Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();

/**
 * Says what has happened; with `onUndo` the user can take it back while it is shown. A promise of `onUndo` that rejects is shown. Of too
 * many, the oldest one without `onUndo` makes room.
 */
export function toast(text: string, onUndo?: () => unknown, isError = false): void {
  const id = (counter += 1);
  const displaced =
    toasts.length < MAX_SHOWN ? undefined : (toasts.find((shown) => shown.onUndo === undefined) ?? toasts[0]);
  change([...toasts.filter((shown) => shown !== displaced), { id, text, isError, ...(onUndo ? { onUndo } : {}) }]);
}

export function toastError(error: unknown): void {
  const requestId = requestIdOf(error);
  toast(requestId === undefined ? messageOf(error) : `${messageOf(error)} (${requestId})`, undefined, true);
}

export function removeToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** At the end of what they belong to: an Undo must not act on the next user, or on records that are closed. */
export function clearToasts(): void {
  change([]);
}

export async function undo({ id, onUndo }: Toast): Promise<void> {
  removeToast(id);
  try {
    await onUndo?.();
  } catch (error) {
    toastError(error);
  }
}

export const shownToasts = (): readonly Toast[] => toasts;

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function change(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}
