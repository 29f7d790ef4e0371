import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { hasPasskeys, newPasskey } from '../session/passkeys';
import { browserName } from '../session/this-browser';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Card, ErrorNote, Loaded } from '../ui/parts';

export function Passkeys(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const passkeys = useQuery({ queryKey: ['passkeys'], queryFn: () => client.security.passkeys() });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['passkeys'] });
  const add = useMutation({
    mutationFn: async () => {
      const credential = await newPasskey(await client.security.passkeyCreationOptions());
      return client.security.registerPasskey(credential, browserName(navigator.userAgent));
    },
    onSuccess: refresh,
  });
  return (
    <Card
      title={t('passkeys.title')}
      lead={t('passkeys.lead')}
      actions={
        hasPasskeys() && (
          <Button icon={KeyRound} busy={add.isPending} onClick={() => add.mutate()}>
            {t('passkeys.add')}
          </Button>
        )
      }
    >
      <ErrorNote error={add.error} />
      <Loaded query={passkeys}>
        {(found) =>
          found.length === 0 ? (
            <p className="muted">{t('passkeys.empty')}</p>
          ) : (
            <ul className="rows">
              {found.map(({ id, name, created_at: createdAt, last_used_at: usedAt }) => (
                <li key={id} className="row">
                  <span className="row-main">
                    <strong>{name}</strong>
                    <small>{t('sessions.used', { when: ago(usedAt ?? createdAt) })}</small>
                  </span>
                  <ConfirmButton
                    label={t('delete')}
                    question={t('passkeys.deleteQuestion')}
                    onConfirm={() => client.security.deletePasskey(id).then(refresh)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
