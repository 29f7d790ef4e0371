import { isVouchedFor } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Laptop, MonitorSmartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { browserName, registerThisBrowser } from '../session/this-browser';
import { ago, dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Badge, Card, Empty, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';

export function Devices(): ReactNode {
  return (
    <>
      <RegisteredDevices />
      <Sessions />
    </>
  );
}

/** Devices that results are encrypted for, each checked against the identity of the account. */
function RegisteredDevices(): ReactNode {
  const user = useUser();
  const { client, keys, vault } = user;
  const cache = useQueryClient();
  const devices = useQuery({
    queryKey: ['devices'],
    queryFn: async () => {
      const [found, own, identity] = await Promise.all([
        client.account.devices(),
        keys.device(),
        client.account.identityKey(vault),
      ]);
      return found.map((device) => ({
        device,
        isThis: device.id === own?.id,
        isVouched:
          device.signature !== null &&
          isVouchedFor(identity, vault.userId, fromBase64(device.public_key), fromBase64(device.signature)),
      }));
    },
  });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['devices'] });
  const register = useMutation({
    mutationFn: () => registerThisBrowser(user),
    onSuccess: refresh,
    onError: toastError,
  });
  const isRegistered = (devices.data ?? []).some(({ isThis }) => isThis);
  return (
    <Card
      title={t('devices.title')}
      lead={t('devices.lead')}
      actions={
        !isRegistered && (
          <Button icon={Laptop} busy={register.isPending} onClick={() => register.mutate()}>
            {t('devices.register')}
          </Button>
        )
      }
    >
      <Loaded query={devices}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={MonitorSmartphone} title={t('devices.empty')} text={t('devices.emptyText')} />
          ) : (
            <ul className="rows">
              {found.map(({ device, isThis, isVouched }) => (
                <li key={device.id} className="row">
                  <span className="row-main">
                    <strong>{device.name}</strong>
                    <small>{t('devices.since', { when: dateTime(device.created_at) })}</small>
                  </span>
                  {isThis && <Badge tone="good">{t('devices.this')}</Badge>}
                  {!isVouched && <Badge tone="bad">{t('devices.unvouched')}</Badge>}
                  <ConfirmButton
                    label={t('devices.revoke')}
                    question={t('devices.revokeQuestion')}
                    onConfirm={() => client.account.revokeDevice(device.id).then(refresh)}
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

function Sessions(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => client.account.sessions() });
  const end = (id: string): void =>
    void client.account.endSession(id).then(() => {
      toast(t('sessions.isEnded'));
      return cache.invalidateQueries({ queryKey: ['sessions'] });
    }, toastError);
  return (
    <Card title={t('sessions.title')} lead={t('sessions.lead')}>
      <Loaded query={sessions}>
        {(found) => (
          <ul className="rows">
            {found.map(({ id, user_agent: userAgent, last_used_at: at, current }) => (
              <li key={id} className="row">
                <span className="row-main">
                  <strong>{browserName(userAgent ?? '')}</strong>
                  <small>{t('sessions.used', { when: ago(at) })}</small>
                </span>
                {current ? (
                  <Badge tone="good">{t('sessions.this')}</Badge>
                ) : (
                  <Button onClick={() => end(id)}>{t('sessions.end')}</Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
