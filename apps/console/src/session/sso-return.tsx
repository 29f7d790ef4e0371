import { ClientError } from '@adiuva/client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';
import { ErrorNote, Skeleton } from '../ui/parts';
import { isProblem } from '../ui/problem';
import { useConsoleSession } from './context';
import { Gate } from './gate';
import { forgetSso, pendingSso } from './sso';

/** Where the provider of a team sends the browser back to. */
export function SsoReturn(): ReactNode {
  const session = useConsoleSession();
  const [, go] = useLocation();
  const [totp, setTotp] = useState('');
  // The code is out of the address as soon as it is read.
  const [returned] = useState(() => location.href);
  const finish = useMutation({
    mutationFn: async (code: string | undefined) => {
      const pending = pendingSso();
      if (!pending) throw new ClientError('SsoLost', t('auth.ssoLost'));
      await session.enterLocked(pending.isKept, async ({ sso }) => {
        await sso.finish(pending.attempt, returned, code);
      });
      forgetSso();
    },
    onSuccess: () => go('/'),
  });
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    history.replaceState(null, '', location.pathname);
    finish.mutate(undefined);
  }, [finish]);
  const [needsCode, setNeedsCode] = useState(false);
  if (!needsCode && isProblem(finish.error, 'totp_required')) setNeedsCode(true);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    finish.mutate(totp.trim());
  };
  const error = isProblem(finish.error, 'totp_required') ? undefined : finish.error;
  return (
    <Gate
      title={t('auth.ssoReturn')}
      lead={needsCode ? t('auth.totpHint') : t('auth.ssoWaiting')}
      footer={<Link href="/">{t('auth.again')}</Link>}
    >
      {needsCode ? (
        <form className="stack" onSubmit={submit}>
          <TextField
            label={t('auth.totp')}
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
            value={totp}
            onValue={setTotp}
          />
          <ErrorNote error={error} />
          <Button type="submit" look="primary" busy={finish.isPending}>
            {t('auth.signIn')}
          </Button>
        </form>
      ) : finish.isError ? (
        <ErrorNote error={error} />
      ) : (
        <Skeleton />
      )}
    </Gate>
  );
}
