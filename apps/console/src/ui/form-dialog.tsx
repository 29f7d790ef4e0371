import type { ReactNode } from 'react';
import { t } from '../texts/texts';
import { Button } from './button';
import type { Work } from './form';
import { Dialog, ErrorNote } from './parts';

/** A dialog with fields that are sent together: its buttons, the progress and the error. */
export function FormDialog({
  title,
  submit,
  work,
  canSubmit = true,
  onClose,
  children,
}: {
  readonly title: string;
  readonly submit: string;
  readonly work: Work;
  readonly canSubmit?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => work.mutate()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" busy={work.isPending} disabled={!canSubmit}>
            {submit}
          </Button>
        </>
      }
    >
      {children}
      <ErrorNote error={work.error} />
    </Dialog>
  );
}
