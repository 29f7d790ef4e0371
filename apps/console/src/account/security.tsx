import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useConsoleSession, useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { NewPasswordField, PasswordField, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Badge, Card, ErrorNote } from '../ui/parts';
import { saveFile } from '../ui/save-file';
import { toast, toastError } from '../ui/toasts';
import { Passkeys } from './passkeys';
import { SecondFactor } from './second-factor';

export function Security(): ReactNode {
  return (
    <>
      <ChangePassword />
      <SecondFactor />
      <Passkeys />
      <EmailAddress />
      <RecoveryWords />
      <EraseAccount />
    </>
  );
}

function ChangePassword(): ReactNode {
  const { client, vault, profile } = useUser();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => client.account.changePassword(vault, profile.email, current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      toast(t('saved'));
    },
  });
  return (
    <Card title={t('security.password')} lead={t('security.passwordLead')}>
      <Form submit={t('security.change')} work={change}>
        <div className="columns">
          <PasswordField label={t('security.current')} value={current} onValue={setCurrent} />
          <NewPasswordField value={next} onValue={setNext} />
        </div>
      </Form>
    </Card>
  );
}

function EmailAddress(): ReactNode {
  const { client, profile } = useUser();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => client.security.changeEmail(profile.email, password, email),
    onSuccess: () => toast(t('security.mailSent')),
  });
  const verify = (): void =>
    void client.security.requestEmailVerification().then(() => toast(t('security.mailSent')), toastError);
  return (
    <Card
      title={t('auth.email')}
      lead={profile.email}
      actions={
        profile.email_verified ? (
          <Badge tone="good">{t('security.confirmed')}</Badge>
        ) : (
          <Button onClick={verify}>{t('security.confirm')}</Button>
        )
      }
    >
      <Form submit={t('security.change')} work={change}>
        <div className="columns">
          <TextField label={t('security.newEmail')} type="email" required value={email} onValue={setEmail} />
          <PasswordField value={password} onValue={setPassword} />
        </div>
      </Form>
    </Card>
  );
}

function RecoveryWords(): ReactNode {
  const { client, vault, profile } = useUser();
  const [password, setPassword] = useState('');
  const renew = useMutation({
    mutationFn: () => client.account.renewRecoveryWords(vault, profile.email, password),
    onSuccess: () => setPassword(''),
  });
  return (
    <Card title={t('auth.words')} lead={t('security.wordsLead')}>
      {renew.data === undefined ? (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            renew.mutate();
          }}
        >
          <input
            type="password"
            aria-label={t('auth.password')}
            placeholder={t('auth.password')}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" busy={renew.isPending}>
            {t('security.renewWords')}
          </Button>
        </form>
      ) : (
        <>
          <ol className="words" translate="no">
            {renew.data.split(' ').map((word, index) => (
              <li key={index}>{word}</li>
            ))}
          </ol>
          <div className="actions">
            <Button onClick={() => saveFile('adiuva-recovery-words.txt', [`${renew.data}\n`])}>
              {t('welcome.download')}
            </Button>
          </div>
        </>
      )}
      <ErrorNote error={renew.error} />
    </Card>
  );
}

function EraseAccount(): ReactNode {
  const { client, profile } = useUser();
  const session = useConsoleSession();
  const [password, setPassword] = useState('');
  return (
    <Card title={t('security.erase')} lead={t('security.eraseLead')}>
      <div className="actions">
        <ConfirmButton
          label={t('security.erase')}
          question={t('security.eraseQuestion')}
          canConfirm={password !== ''}
          onConfirm={async () => {
            await client.account.erase(profile.email, password);
            await session.leave();
          }}
        >
          <PasswordField value={password} onValue={setPassword} />
        </ConfirmButton>
      </div>
    </Card>
  );
}
