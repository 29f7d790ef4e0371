import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { unsubscribeThisBrowser } from '../notifications/web-push';
import { useRecords } from '../records/context';
import { useConsoleSession } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Dialog, ErrorNote } from '../ui/parts';

/** Removes keys and records from this browser; asks where the server does not have all of them. */
export function SignOut({ icon }: { readonly icon: LucideIcon }): ReactNode {
  const session = useConsoleSession();
  const records = useRecords();
  const [unsynced, setUnsynced] = useState(0);
  const leave = useMutation({
    mutationFn: async () => {
      // A push service that does not answer keeps no one signed in.
      await unsubscribeThisBrowser().catch(() => undefined);
      await records.erase();
      await session.leave();
    },
  });
  const begin = async (): Promise<void> => {
    const count = await records.unsynced();
    if (count === 0) leave.mutate();
    else setUnsynced(count);
  };
  return (
    <>
      <Button icon={icon} busy={leave.isPending} onClick={() => void begin()}>
        {t('auth.signOut')}
      </Button>
      {unsynced > 0 && (
        <Dialog
          title={t('auth.signOut')}
          onClose={() => setUnsynced(0)}
          onSubmit={() => leave.mutate()}
          footer={
            <>
              <Button onClick={() => setUnsynced(0)}>{t('cancel')}</Button>
              <Button type="submit" look="danger" busy={leave.isPending}>
                {t('auth.signOut')}
              </Button>
            </>
          }
        >
          <p>{t('account.unsynced', { count: unsynced })}</p>
          <ErrorNote error={leave.error} />
        </Dialog>
      )}
    </>
  );
}
