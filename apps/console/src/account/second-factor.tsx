import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useConsoleSession, useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { PasswordField, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Badge, Card, ErrorNote } from '../ui/parts';
import { QrCode } from '../ui/qr-code';
import { saveFile } from '../ui/save-file';

/** Codes of an authenticator app (TOTP). */
export function SecondFactor(): ReactNode {
  const { profile } = useUser();
  return (
    <Card
      title={t('totp.title')}
      lead={t('totp.lead')}
      actions={
        <Badge tone={profile.totp_enabled ? 'good' : 'plain'}>{t(profile.totp_enabled ? 'totp.on' : 'totp.off')}</Badge>
      }
    >
      {profile.totp_enabled ? <Disable /> : <Enable />}
    </Card>
  );
}

function Enable(): ReactNode {
  const { client } = useUser();
  const session = useConsoleSession();
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => client.security.beginTotp() });
  const confirm = useMutation({ mutationFn: () => client.security.confirmTotp(code.trim()) });
  if (confirm.data)
    return (
      <div className="stack">
        <p>{t('totp.codes')}</p>
        <ul className="words mono" translate="no">
          {confirm.data.map((recovery) => (
            <li key={recovery}>{recovery}</li>
          ))}
        </ul>
        <div className="actions">
          <Button onClick={() => saveFile('adiuva-recovery-codes.txt', [`${confirm.data.join('\n')}\n`])}>
            {t('welcome.download')}
          </Button>
          <Button look="primary" onClick={() => void session.reload()}>
            {t('totp.finish')}
          </Button>
        </div>
      </div>
    );
  if (begin.data === undefined)
    return (
      <div className="actions">
        <Button busy={begin.isPending} onClick={() => begin.mutate()}>
          {t('totp.begin')}
        </Button>
        <ErrorNote error={begin.error} />
      </div>
    );
  return (
    <Form submit={t('totp.confirm')} work={confirm} look="primary">
      <p>{t('totp.scan')}</p>
      <QrCode text={begin.data} label={t('totp.qr')} />
      <p>{t('totp.secret')}</p>
      <p className="block mono" translate="no">
        {new URL(begin.data).searchParams.get('secret')}
      </p>
      <p>
        <a href={begin.data}>{t('totp.open')}</a>
      </p>
      <TextField
        label={t('auth.totp')}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={code}
        onValue={setCode}
      />
    </Form>
  );
}

function Disable(): ReactNode {
  const { client, profile } = useUser();
  const session = useConsoleSession();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const disable = useMutation({
    mutationFn: () => client.security.disableTotp(profile.email, password, code.trim()),
    onSuccess: () => session.reload(),
  });
  return (
    <Form submit={t('totp.disable')} work={disable} look="danger">
      <div className="columns">
        <PasswordField value={password} onValue={setPassword} />
        <TextField label={t('auth.totp')} hint={t('auth.totpHint')} required value={code} onValue={setCode} />
      </div>
    </Form>
  );
}
