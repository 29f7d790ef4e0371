import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { auditText } from '../texts/audit-text';
import { dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Badge, Card, Loaded, Pages } from '../ui/parts';

const PAGE = 25;

/** What happened to the account, by whom. */
export function Activity(): ReactNode {
  const { client } = useUser();
  /** `after` of the page that is shown and of those before it. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const events = useQuery({
    queryKey: ['activity', after],
    placeholderData: keepPreviousData,
    queryFn: () => client.account.audit({ limit: PAGE, ...(after === undefined ? {} : { after }) }),
  });
  return (
    <Card title={t('account.activity')} lead={t('account.activityLead')}>
      <Loaded query={events}>
        {({ events: found, next }) => (
          <>
            <ul className="rows">
              {found.map(({ id, action, by, at }) => (
                <li key={id} className="row">
                  <span className="row-main">
                    <strong>{auditText(action)}</strong>
                    <small>{dateTime(at)}</small>
                  </span>
                  <Badge tone={by === 'other' ? 'warn' : 'plain'}>{t(`activity.by.${by}`)}</Badge>
                </li>
              ))}
            </ul>
            <Pages
              newer={cursors.length > 0 && (() => setCursors(cursors.slice(0, -1)))}
              older={next !== null && (() => setCursors([...cursors, next]))}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}
