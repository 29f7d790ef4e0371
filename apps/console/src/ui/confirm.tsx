import { Trash2, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { Button } from './button';
import { Dialog, ErrorNote } from './parts';

/** A button whose work cannot be undone: it asks first. */
export function ConfirmButton({
  label,
  question,
  icon = Trash2,
  action = label,
  children,
  onConfirm,
  canConfirm = true,
}: {
  readonly label: string;
  readonly question: string;
  readonly icon?: LucideIcon;
  readonly action?: string;
  /** What the user has to fill in. */
  readonly children?: ReactNode;
  readonly onConfirm: () => Promise<void>;
  readonly canConfirm?: boolean;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: () => setOpen(false) });
  return (
    <>
      <Button look="danger" icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen && (
        <Dialog
          title={label}
          onClose={() => setOpen(false)}
          onSubmit={() => confirm.mutate()}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{t('cancel')}</Button>
              <Button type="submit" look="danger" icon={icon} busy={confirm.isPending} disabled={!canConfirm}>
                {action}
              </Button>
            </>
          }
        >
          <p>{question}</p>
          {children}
          <ErrorNote error={confirm.error} />
        </Dialog>
      )}
    </>
  );
}
