import { useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useMutation } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Check, EmailField, NewPasswordField, TextField } from '../ui/fields';
import { ErrorNote } from '../ui/parts';
import { faultOf } from '../ui/problem';
import { BotCheck, useBotCheck } from './bot-check';
import { useConsoleSession } from './context';
import { Gate } from './gate';

export function SignUp(): ReactNode {
  const session = useConsoleSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [isKept, setKept] = useState(true);
  const check = useBotCheck();
  const signUp = useMutation({
    mutationFn: () => {
      const turnstileToken = check.take();
      const extra = {
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(turnstileToken === undefined ? {} : { turnstileToken }),
      };
      return session.enter(isKept, ({ account }) => account.signUp({ email, password, ...extra }));
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signUp.mutate();
  };
  return (
    <Gate
      title={t('auth.signUp')}
      lead={t('auth.signUpLead')}
      footer={
        <p>
          {t('auth.haveAccount')} <Link href="/">{t('auth.signIn')}</Link>
        </p>
      }
    >
      <form onSubmit={submit} className="stack">
        <TextField label={t('auth.displayName')} name="name" autoComplete="name" value={name} onValue={setName} />
        <EmailField name="email" value={email} fault={faultOf(signUp.error, 'email')} onValue={setEmail} />
        <NewPasswordField label={t('auth.password')} name="password" value={password} onValue={setPassword} />
        <Check label={t('auth.remember')} checked={isKept} onChecked={setKept} />
        <ErrorNote error={signUp.error} />
        <BotCheck check={check} />
        <Button type="submit" look="primary" busy={signUp.isPending} disabled={!check.isReady}>
          {t('auth.signUp')}
        </Button>
      </form>
    </Gate>
  );
}
