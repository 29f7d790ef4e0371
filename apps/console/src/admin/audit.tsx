import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Card, Loaded } from '../ui/parts';

const PAGE = 50;

/** What administrators have done, newest first. */
export function Audit(): ReactNode {
  const { client } = useUser();
  const [page, setPage] = useState(1);
  const audit = useQuery({
    queryKey: ['admin', 'audit', page],
    placeholderData: keepPreviousData,
    queryFn: () => client.admin.audit({ page, limit: PAGE }),
  });
  return (
    <Card title={t('admin.audit')} lead={t('admin.auditLead')}>
      <Loaded query={audit}>
        {({ actions, total }) =>
          total === 0 ? (
            <p className="muted">{t('admin.noActions')}</p>
          ) : (
            <>
              <div className="table" tabIndex={0} role="group" aria-label={t('admin.audit')}>
                <table>
                  <thead>
                    <tr>
                      <th>{t('admin.when')}</th>
                      <th>{t('admin.action')}</th>
                      <th>{t('admin.subject')}</th>
                      <th>{t('admin.details')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {actions.map(({ id, at, action, subject, details }) => (
                      <tr key={id}>
                        <td>{dateTime(at)}</td>
                        <td>{action}</td>
                        <td className="mono">{subject}</td>
                        <td className="mono">{JSON.stringify(details)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
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
          )
        }
      </Loaded>
    </Card>
  );
}
