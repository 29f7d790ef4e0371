import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Loaded } from '../ui/parts';

const PAGE = 25;

/** What happened to the account, by whom. */
export function Activity(): ReactNode {
  const { client } = useUser();
  const [page, setPage] = useState(1);
  const events = useQuery({
    queryKey: ['activity', page],
    placeholderData: keepPreviousData,
    queryFn: () => client.account.audit({ page, limit: PAGE }),
  });
  return (
    <Card title={t('account.activity')} lead={t('account.activityLead')}>
      <Loaded query={events}>
        {({ events: found, total }) => (
          <>
            <ul className="rows">
              {found.map(({ id, action, by, at }) => (
                <li key={id} className="row">
                  <span className="row-main">
                    <strong className="mono">{action}</strong>
                    <small>{dateTime(at)}</small>
                  </span>
                  <Badge tone={by === 'other' ? 'warn' : 'plain'}>{t(`activity.by.${by}`)}</Badge>
                </li>
              ))}
            </ul>
            {total > PAGE && (
              <div className="actions">
                <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
                  {t('newer')}
                </Button>
                <Button disabled={page * PAGE >= total} onClick={() => setPage(page + 1)}>
                  {t('older')}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
