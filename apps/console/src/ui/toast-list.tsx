import { X } from 'lucide-react';
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
const MAX_SHOWN = 3;
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

/** Says what has happened; with `onUndo` it stays until the user takes it back or closes it: a control has no time limit (WCAG 2.2.1). */
export function toast(text: string, onUndo?: () => void, isError = false): void {
  const id = (counter += 1);
  change([...toasts, { id, text, isError, ...(onUndo ? { onUndo } : {}) }].slice(-MAX_SHOWN));
  if (!onUndo) setTimeout(() => remove(id), SHOWN_MS);
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
            <>
              <Button
                look="quiet"
                onClick={() => {
                  remove(id);
                  onUndo();
                }}
              >
                {t('undo')}
              </Button>
              <Button look="quiet" icon={X} label={t('close')} onClick={() => remove(id)} />
            </>
          )}
        </div>
      ))}
    </div>
  );
}
