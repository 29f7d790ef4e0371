import { useSyncExternalStore, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { Button } from './button';
import { messageOf, requestIdOf } from './problem';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly onUndo?: () => void;
}

const SHOWN_MS = 7_000;
let toasts: readonly Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

function remove(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says what has happened; with `onUndo` the user can take it back while it is shown. */
export function toast(text: string, onUndo?: () => void, isError = false): void {
  const id = (counter += 1);
  change([...toasts, { id, text, isError, ...(onUndo ? { onUndo } : {}) }].slice(-3));
  setTimeout(() => remove(id), SHOWN_MS);
}

export function toastError(error: unknown): void {
  const requestId = requestIdOf(error);
  toast(requestId === undefined ? messageOf(error) : `${messageOf(error)} (${requestId})`, undefined, true);
}

export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, isError, onUndo }) => (
        <div key={id} className={isError ? 'toast bad' : 'toast'}>
          <span>{text}</span>
          {onUndo && (
            <Button
              look="quiet"
              onClick={() => {
                remove(id);
                onUndo();
              }}
            >
              {t('undo')}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
