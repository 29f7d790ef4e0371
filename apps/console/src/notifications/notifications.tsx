import type { NotificationDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AlarmClock, Bell, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { ago, dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Empty, Loaded, Page, type Tone } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { Channels } from './channels';
import { Preferences } from './preferences';

const SHOWN = 50;
const SNOOZE_MINUTES = 60;

const TONES: Readonly<Record<NotificationDto['status'], Tone>> = {
  scheduled: 'plain',
  escalating: 'busy',
  delivered: 'good',
  acknowledged: 'good',
  snoozed: 'warn',
  expired: 'plain',
  failed: 'bad',
};

export function Notifications(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const inbox = useQuery({
    queryKey: ['notifications'],
    queryFn: async () => {
      const found: NotificationDto[] = [];
      for await (const notification of client.notifications.inbox({ limit: SHOWN })) {
        found.push(notification);
        if (found.length === SHOWN) break;
      }
      return found;
    },
  });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['notifications'] });
  const test = useMutation({
    mutationFn: () =>
      client.notifications.create({ urgency: 'low', title: t('inbox.testTitle'), body: t('inbox.testBody') }),
    onSuccess: refresh,
    onError: toastError,
  });
  return (
    <Page
      title={t('nav.inbox')}
      lead={t('inbox.lead')}
      actions={
        <Button icon={Bell} busy={test.isPending} onClick={() => test.mutate()}>
          {t('inbox.test')}
        </Button>
      }
    >
      <Loaded query={inbox}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={Bell} title={t('inbox.empty')} text={t('inbox.emptyText')} />
          ) : (
            <Card>
              <ul className="rows">
                {found.map((notification) => (
                  <NotificationRow key={notification.id} notification={notification} onChanged={refresh} />
                ))}
              </ul>
            </Card>
          )
        }
      </Loaded>
      <Channels />
      <Preferences />
    </Page>
  );
}

function NotificationRow({
  notification: { id, title, body, status, created_at: createdAt, deliver_at: deliverAt },
  onChanged,
}: {
  readonly notification: NotificationDto;
  readonly onChanged: () => Promise<void>;
}): ReactNode {
  const { client } = useUser();
  const isOpen = !['acknowledged', 'expired'].includes(status);
  const change = (work: Promise<void>, text: string): void =>
    void work.then(() => {
      toast(text);
      return onChanged();
    }, toastError);
  return (
    <li className="row">
      <span className="row-main">
        <strong>{title ?? t('inbox.untitled')}</strong>
        <small>
          {[body, status === 'scheduled' ? dateTime(deliverAt) : ago(createdAt)].filter(Boolean).join(' · ')}
        </small>
      </span>
      <Badge tone={TONES[status]}>{t(`inbox.status.${status}`)}</Badge>
      {isOpen && (
        <span className="actions">
          <Button
            look="quiet"
            icon={AlarmClock}
            onClick={() => change(client.notifications.snooze(id, SNOOZE_MINUTES), t('inbox.snoozed'))}
          >
            {t('inbox.snooze')}
          </Button>
          <Button
            look="quiet"
            icon={Check}
            onClick={() => change(client.notifications.acknowledge(id), t('inbox.status.acknowledged'))}
          >
            {t('inbox.acknowledge')}
          </Button>
        </span>
      )}
    </li>
  );
}
