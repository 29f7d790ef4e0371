import type { ChannelDto, NewChannelDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Check, Choice, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { Badge, Card, ErrorNote, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { subscribeThisBrowser, unsubscribeThisBrowser, webPush } from './web-push';

const KINDS = ['email', 'whatsapp', 'voice'] as const;
type Kind = (typeof KINDS)[number];

/** The ways to reach the user. */
export function Channels(): ReactNode {
  const { client } = useUser();
  const [isNew, setNew] = useState(false);
  const channels = useQuery({ queryKey: ['channels'], queryFn: () => client.notifications.channels() });
  return (
    <Card
      title={t('channels.title')}
      lead={t('channels.lead')}
      actions={
        <>
          <ThisBrowser />
          <Button icon={Plus} onClick={() => setNew(true)}>
            {t('channels.add')}
          </Button>
        </>
      }
    >
      <Loaded query={channels}>
        {(found) =>
          found.length === 0 ? (
            <p className="muted">{t('channels.empty')}</p>
          ) : (
            <ul className="rows">
              {found.map((channel) => (
                <Channel key={channel.id} channel={channel} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isNew && <NewChannel onClose={() => setNew(false)} />}
    </Card>
  );
}

/** Web Push, where the browser has it and is not subscribed. */
function ThisBrowser(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const state = useQuery({ queryKey: ['web-push'], queryFn: webPush });
  const subscribe = useMutation({
    mutationFn: () => subscribeThisBrowser(client.notifications),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ['web-push'] }),
        cache.invalidateQueries({ queryKey: ['channels'] }),
      ]),
    onError: toastError,
  });
  if (state.data === 'denied') return <span className="muted">{t('channels.denied')}</span>;
  if (state.data !== 'off') return null;
  return (
    <Button icon={BellRing} busy={subscribe.isPending} onClick={() => subscribe.mutate()}>
      {t('channels.thisBrowser')}
    </Button>
  );
}

function Channel({ channel }: { readonly channel: ChannelDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [code, setCode] = useState('');
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['channels'] });
  const remove = async (): Promise<void> => {
    await client.notifications.removeChannel(channel.id);
    await unsubscribeThisBrowser(channel.id);
    await Promise.all([refresh(), cache.invalidateQueries({ queryKey: ['web-push'] })]);
  };
  const verify = useMutation({ mutationFn: () => client.notifications.verify(channel.id, code), onSuccess: refresh });
  const resend = (): void =>
    void client.notifications.resend(channel.id).then(() => toast(t('channels.sent')), toastError);
  return (
    <li>
      <div className="row">
        <span className="row-main">
          <strong>{t(`channels.kind.${channel.kind}`)}</strong>
          {channel.label !== null && <small>{channel.label}</small>}
        </span>
        <Badge tone={channel.status === 'active' ? 'good' : 'warn'}>{t(`channels.status.${channel.status}`)}</Badge>
        <ConfirmButton label={t('delete')} question={t('channels.deleteQuestion')} onConfirm={remove} />
      </div>
      {channel.status === 'pending' && (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            verify.mutate();
          }}
        >
          <input
            aria-label={t('channels.code')}
            placeholder={t('channels.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <Button type="submit" look="primary" busy={verify.isPending}>
            {t('channels.verify')}
          </Button>
          <Button onClick={resend}>{t('channels.resend')}</Button>
        </form>
      )}
      <ErrorNote error={verify.error} />
      {channel.status === 'active' && (
        <Check
          label={t('channels.content')}
          checked={channel.include_content}
          onChecked={(isIncluded) =>
            void client.notifications
              .changeChannel(channel.id, { include_content: isIncluded })
              .then(refresh, toastError)
          }
        />
      )}
    </li>
  );
}

function NewChannel({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const [kind, setKind] = useState<Kind>('email');
  const [address, setAddress] = useState(profile.email);
  const [phone, setPhone] = useState('');
  const add = useMutation({
    mutationFn: () => {
      const channel: NewChannelDto = kind === 'email' ? { kind, address } : { kind, phone };
      return client.notifications.addChannel(channel);
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['channels'] });
      onClose();
    },
  });
  return (
    <FormDialog title={t('channels.add')} submit={t('channels.add')} work={add} onClose={onClose}>
      <Choice
        label={t('channels.kind')}
        value={kind}
        options={KINDS.map((value) => [value, t(`channels.kind.${value}`)] as const)}
        onValue={setKind}
      />
      {kind === 'email' ? (
        <TextField label={t('auth.email')} type="email" required value={address} onValue={setAddress} />
      ) : (
        <TextField
          label={t('channels.phone')}
          type="tel"
          placeholder="+49 30 1234567"
          required
          value={phone}
          onValue={setPhone}
        />
      )}
    </FormDialog>
  );
}
