import { DecryptError } from '@adiuva/client';
import { Building2, KeyRound } from 'lucide-react';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useMutation } from '@tanstack/react-query';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Check, EmailField, PasswordField, TextField } from '../ui/fields';
import { ErrorNote } from '../ui/parts';
import { isProblem } from '../ui/problem';
import { BotCheck, useBotCheck } from './bot-check';
import { useConsoleSession } from './context';
import { Gate } from './gate';
import { hasPasskeys, passkeyAssertion } from './passkeys';
import { leaveForProvider } from './sso';

export function SignIn(): ReactNode {
  const session = useConsoleSession();
  const [email, setEmail] = useState('');
  const emailField = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [isKept, setKept] = useState(true);
  const [isPlain, setPlain] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const check = useBotCheck();
  const signIn = useMutation({
    mutationFn: () => {
      const turnstileToken = check.take();
      const proof = {
        ...(totp === '' ? {} : { totp: totp.trim() }),
        ...(turnstileToken === undefined ? {} : { turnstileToken }),
      };
      return session
        .enter(isKept, ({ account }) => account.signIn({ email, password, plainPassword: isPlain, ...proof }))
        .catch((error: unknown) => {
          if (error instanceof DecryptError) return session.lock(password);
          throw error;
        });
    },
    onError: (error) => setNeedsCode((needed) => needed || isProblem(error, 'totp_required')),
  });
  const passkey = useMutation({
    mutationFn: () =>
      session.enterLocked(isKept, async ({ security }) =>
        security.signInWithPasskey(await passkeyAssertion(await security.passkeyRequestOptions())),
      ),
  });
  const sso = useMutation({ mutationFn: () => leaveForProvider(session, email, isKept) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Gate
      title={t('auth.signIn')}
      lead={t('auth.signInLead')}
      footer={
        <>
          <p>
            {t('auth.noAccount')} <Link href="/sign-up">{t('auth.signUp')}</Link>
          </p>
          <p>
            <Link href="/recover">{t('auth.forgot')}</Link>
          </p>
        </>
      }
    >
      <form onSubmit={submit} className="stack">
        <EmailField name="email" autoFocus ref={emailField} value={email} onValue={setEmail} />
        <PasswordField name="password" value={password} onValue={setPassword} />
        {needsCode && (
          <TextField
            label={t('auth.totp')}
            hint={t('auth.totpHint')}
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
            value={totp}
            onValue={setTotp}
          />
        )}
        <Check label={t('auth.remember')} checked={isKept} onChecked={setKept} />
        {(isPlain || isProblem(signIn.error, 'invalid_credentials')) && (
          <Check label={t('auth.plain')} hint={t('auth.plainHint')} checked={isPlain} onChecked={setPlain} />
        )}
        {!isProblem(signIn.error, 'totp_required') && <ErrorNote error={signIn.error} />}
        <BotCheck check={check} />
        <Button type="submit" look="primary" busy={signIn.isPending} disabled={!check.isReady}>
          {t('auth.signIn')}
        </Button>
        <p className="or">{t('auth.or')}</p>
        {hasPasskeys() && (
          <Button icon={KeyRound} busy={passkey.isPending} onClick={() => passkey.mutate()}>
            {t('auth.passkey')}
          </Button>
        )}
        <ErrorNote error={passkey.error} />
        <Button
          icon={Building2}
          busy={sso.isPending}
          onClick={() => {
            if (emailField.current?.reportValidity()) sso.mutate();
          }}
        >
          {t('auth.sso')}
        </Button>
        {isProblem(sso.error, 'not_found') ? (
          <p className="fault" role="alert">
            {t('auth.ssoNone')}
          </p>
        ) : (
          <ErrorNote error={sso.error} />
        )}
      </form>
    </Gate>
  );
}
