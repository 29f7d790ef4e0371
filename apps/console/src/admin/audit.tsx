import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Loaded, Pages } from '../ui/parts';
import { toastError } from '../ui/toasts';

const PAGE = 50;

/** Events of all accounts, newest first, in hash chains that the server computes again on request. */
export function Audit(): ReactNode {
  const { client } = useUser();
  /** `after` of the page that is shown and of those before it. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const audit = useQuery({
    queryKey: ['admin', 'audit', after],
    placeholderData: keepPreviousData,
    queryFn: () => client.admin.audit({ limit: PAGE, ...(after === undefined ? {} : { after }) }),
  });
  return (
    <Card title={t('admin.audit')} lead={t('admin.auditLead')} actions={<Verify />}>
      <Loaded query={audit}>
        {({ events, next }) =>
          events.length === 0 ? (
            <p className="muted">{t('admin.noActions')}</p>
          ) : (
            <>
              <div className="table" tabIndex={0} role="group" aria-label={t('admin.audit')}>
                <table>
                  <thead>
                    <tr>
                      <th>{t('admin.when')}</th>
                      <th>{t('admin.action')}</th>
                      <th>{t('admin.account')}</th>
                      <th>{t('admin.actor')}</th>
                      <th>{t('admin.details')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {events.map(({ id, at, action, user_id: userId, actor_id: actorId, details }) => (
                      <tr key={id}>
                        <td className="when">{dateTime(at)}</td>
                        <td>{action}</td>
                        <td className="mono id">{userId ?? '–'}</td>
                        <td className="mono id">{actorId === userId ? t('admin.self') : (actorId ?? '–')}</td>
                        <td className="mono">{details === null ? '' : JSON.stringify(details)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Pages
                newer={cursors.length > 0 && (() => setCursors(cursors.slice(0, -1)))}
                older={next !== null && (() => setCursors([...cursors, next]))}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Verify(): ReactNode {
  const { client } = useUser();
  const verify = useMutation({ mutationFn: () => client.admin.verifyAudit(), onError: toastError });
  return (
    <>
      {verify.data && (
        <Badge tone={verify.data.fault === null ? 'good' : 'bad'}>
          {verify.data.fault === null
            ? t('admin.chainOk', { events: number(verify.data.events) })
            : t('admin.chainBroken', { reason: verify.data.fault.reason })}
        </Badge>
      )}
      <Button busy={verify.isPending} onClick={() => verify.mutate()}>
        {t('admin.verify')}
      </Button>
    </>
  );
}
