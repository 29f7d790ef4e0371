import { ApiProblem, DecryptError, ClientError, type AdiuvaClient, type SignedIn } from '@adiuva/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { NewPasswordField, TextArea, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Loaded } from '../ui/parts';
import { useConsoleSession } from './context';
import { Gate } from './gate';
import { normalizedWords, wrongWords } from './recovery-words';

interface LockedProps {
  readonly email: string;
  /** That of the sign-in, which does not open the keys: they open with it once the recovery words have opened them. */
  readonly password?: string | undefined;
}

/** A session whose keys are not in this browser, as after a passkey or a single sign-on, or after a reset by mail. */
export function Locked({ email, password }: LockedProps): ReactNode {
  const session = useConsoleSession();
  const keyring = useQuery({
    queryKey: ['has-keyring', email],
    queryFn: async () => hasKeyring(await session.client()),
    staleTime: Infinity,
  });
  return (
    <Loaded query={keyring}>
      {(exists) => (exists ? <Unlock email={email} password={password} /> : <NewKeys email={email} />)}
    </Loaded>
  );
}

/** An account that single sign-on has made has none yet. */
async function hasKeyring({ account }: AdiuvaClient): Promise<boolean> {
  try {
    await account.keyring();
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return false;
    throw error;
  }
}

function Unlock({ email, password }: LockedProps): ReactNode {
  const session = useConsoleSession();
  const [isByWords, setByWords] = useState(password !== undefined);
  const [secret, setSecret] = useState('');
  const unlock = useMutation({
    mutationFn: () =>
      session.unlock(({ account, sso }) =>
        isByWords
          ? account.unlock(normalizedWords(secret), password).catch(wrongWords)
          : sso.unlock(secret).catch(wrongPassword),
      ),
  });
  const change = (): void => {
    setByWords(!isByWords);
    setSecret('');
    unlock.reset();
  };
  const field = { required: true, autoFocus: true, value: secret, onValue: setSecret };
  return (
    <Gate
      title={t('auth.locked')}
      lead={t(password === undefined ? 'auth.lockedLead' : 'auth.resetLead', { email })}
      footer={<SignOut />}
    >
      <Form submit={t('auth.unlock')} work={unlock} look="primary">
        {isByWords ? (
          <TextArea label={t('auth.words')} spellCheck={false} {...field} />
        ) : (
          <TextField label={t('auth.password')} type="password" autoComplete="current-password" {...field} />
        )}
      </Form>
      <Button onClick={change}>{t(isByWords ? 'auth.useKeyPassword' : 'auth.useWords')}</Button>
    </Gate>
  );
}

function NewKeys({ email }: { readonly email: string }): ReactNode {
  const session = useConsoleSession();
  const [password, setPassword] = useState('');
  const make = useMutation({
    mutationFn: () => session.unlock(({ sso }): Promise<SignedIn> => sso.createKeys(password)),
  });
  return (
    <Gate title={t('auth.newKeys')} lead={t('auth.newKeysLead', { email })} footer={<SignOut />}>
      <Form submit={t('auth.newKeys')} work={make} look="primary">
        <NewPasswordField label={t('auth.keyPassword')} autoFocus value={password} onValue={setPassword} />
      </Form>
    </Gate>
  );
}

function SignOut(): ReactNode {
  const session = useConsoleSession();
  return (
    <Button look="quiet" onClick={() => void session.leave()}>
      {t('auth.signOut')}
    </Button>
  );
}

function wrongPassword(error: unknown): never {
  if (error instanceof DecryptError) throw new ClientError('KeyPassword', t('auth.wrongKeyPassword'), { cause: error });
  throw error;
}
