import { X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { Button } from './button';
import { onToasts, removeToast, shownToasts, undo, type Toast } from './toasts';

const SHOWN_MS = 7_000;
/** Long enough to read it and to reach the button; WCAG 2.2.1 asks for at least that of a time limit that cannot be turned off. */
const SHOWN_WITH_UNDO_MS = 20_000;

export function ToastList(): ReactNode {
  const shown = useSyncExternalStore(onToasts, shownToasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

/** Its time begins again when the pointer or the focus leaves it. */
function ToastItem({ toast }: { readonly toast: Toast }): ReactNode {
  const [isHeld, setHeld] = useState(false);
  const { id, text, isError, onUndo } = toast;
  const shownMs = onUndo ? SHOWN_WITH_UNDO_MS : SHOWN_MS;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => removeToast(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, isHeld, shownMs]);
  return (
    <div
      className={isError ? 'toast bad' : 'toast'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {onUndo && (
        <>
          <Button look="quiet" onClick={() => void undo(toast)}>
            {t('undo')}
          </Button>
          <Button look="quiet" icon={X} label={t('close')} onClick={() => removeToast(id)} />
        </>
      )}
    </div>
  );
}
