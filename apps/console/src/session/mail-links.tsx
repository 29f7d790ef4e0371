import { MailCheck } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useMutation } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { EmailField, NewPasswordField } from '../ui/fields';
import { Form } from '../ui/form';
import { Empty, ErrorNote, Page, Skeleton } from '../ui/parts';
import { useConsoleSession, useUser } from './context';
import { Gate } from './gate';

/** The token of a mailed link: in the fragment, which no server sees, and out of the address as soon as it is read. */
function useLinkToken(): string {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  useEffect(() => history.replaceState(null, '', location.pathname), []);
  return token;
}

export function VerifyEmail(): ReactNode {
  const session = useConsoleSession();
  const token = useLinkToken();
  const verify = useMutation({ mutationFn: async () => (await session.client()).security.verifyEmail(token) });
  useOnce(() => {
    if (token !== '') verify.mutate();
  });
  const failed = token === '' ? t('links.incomplete') : t('links.verifyFailed');
  const lead = verify.isSuccess ? t('links.verified') : t('links.verifying');
  return (
    <Gate title={t('auth.email')} lead={token === '' || verify.isError ? failed : lead}>
      <ErrorNote error={verify.error} />
      <Link href="/" className="button primary">
        {t('next')}
      </Link>
    </Gate>
  );
}

export function ResetPassword(): ReactNode {
  const session = useConsoleSession();
  const token = useLinkToken();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: async () => (await session.client()).security.resetPassword(email, token, password),
  });
  if (reset.data)
    return (
      <Gate title={t('auth.recover')} lead={t(reset.data.keyringLost ? 'links.resetLocked' : 'links.reset')}>
        <Link href="/" className="button primary">
          {t('next')}
        </Link>
      </Gate>
    );
  return (
    <Gate title={t('auth.recover')} lead={t('links.resetLead')}>
      <Form submit={t('auth.recover')} work={reset} look="primary">
        <EmailField value={email} onValue={setEmail} />
        <NewPasswordField value={password} onValue={setPassword} />
      </Form>
    </Gate>
  );
}

/** Needs a signed-in user: without one, the sign-in page has this address and its fragment until there is one. */
export function AcceptInvite(): ReactNode {
  const { client } = useUser();
  const token = useLinkToken();
  const accept = useMutation({ mutationFn: () => client.teams.acceptInvite(token) });
  useOnce(accept.mutate);
  return (
    <Page title={t('plan.team')}>
      {accept.isPending && <Skeleton />}
      <ErrorNote error={accept.error} />
      {accept.data && (
        <Empty icon={MailCheck} title={accept.data.name} text={t('links.accepted')}>
          <Link href="/plan/team" className="button primary">
            {t('plan.team')}
          </Link>
        </Empty>
      )}
    </Page>
  );
}

/** A token is spent with its first use, so effects that run twice in development use it once. */
function useOnce(work: () => void): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current) return;
    isDone.current = true;
    work();
  }, [work]);
}
