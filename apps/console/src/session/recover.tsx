import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMutation } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { EmailField, NewPasswordField, TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { ErrorNote } from '../ui/parts';
import { useConsoleSession } from './context';
import { BotCheck, useBotCheck } from './bot-check';
import { Gate } from './gate';
import { normalizedWords, wrongWords } from './recovery-words';

/** A new password by the recovery words. */
export function Recover(): ReactNode {
  const session = useConsoleSession();
  const [, go] = useLocation();
  const [email, setEmail] = useState('');
  const [words, setWords] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const recover = useMutation({
    mutationFn: () =>
      session.enter(true, ({ account }) =>
        account.recover({ email, words: normalizedWords(words), newPassword }).catch(wrongWords),
      ),
    onSuccess: () => go('/'),
  });
  return (
    <Gate
      title={t('auth.recover')}
      lead={t('auth.recoverLead')}
      footer={
        <>
          <p>
            <Link href="/">{t('auth.usePassword')}</Link>
          </p>
          <MailedLink email={email} />
        </>
      }
    >
      <Form submit={t('auth.recover')} work={recover} look="primary">
        <EmailField value={email} onValue={setEmail} />
        <TextArea label={t('auth.words')} required spellCheck={false} value={words} onValue={setWords} />
        <NewPasswordField value={newPassword} onValue={setNewPassword} />
      </Form>
    </Gate>
  );
}

/** Without the words: a link by mail. It opens the account, and what is encrypted only with the words. */
function MailedLink({ email }: { readonly email: string }): ReactNode {
  const session = useConsoleSession();
  const check = useBotCheck();
  const forgot = useMutation({
    mutationFn: async () => (await session.client()).security.forgotPassword(email, check.take()),
  });
  if (forgot.isSuccess) return <p role="status">{t('links.sent')}</p>;
  return (
    <>
      <BotCheck check={check} />
      <Button disabled={email === '' || !check.isReady} busy={forgot.isPending} onClick={() => forgot.mutate()}>
        {t('links.send')}
      </Button>
      <ErrorNote error={forgot.error} />
    </>
  );
}
