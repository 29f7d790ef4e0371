import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { money, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';
import { Card, Figure, Loaded } from '../ui/parts';
import { toastError } from '../ui/toasts';

/** What a developer earned in a month. */
export function Earnings(): ReactNode {
  const { client } = useUser();
  const [period, setPeriod] = useState(() => new Date().toISOString().slice(0, 7));
  const earnings = useQuery({
    queryKey: ['earnings', period],
    placeholderData: keepPreviousData,
    enabled: /^\d{4}-\d{2}$/.test(period),
    queryFn: () => client.plugins.earnings(period),
  });
  const onboard = useMutation({
    mutationFn: () => client.plugins.onboarding(),
    onSuccess: ({ onboarding_url: address }) => location.assign(address),
    onError: toastError,
  });
  return (
    <Card
      title={t('plugins.earnings')}
      lead={t('plugins.earningsLead')}
      actions={
        <Button busy={onboard.isPending} onClick={() => onboard.mutate()}>
          {t('plugins.onboard')}
        </Button>
      }
    >
      <TextField label={t('plugins.month')} type="month" value={period} onValue={setPeriod} />
      <Loaded query={earnings}>
        {(found) => (
          <>
            <div className="columns short">
              <Figure label={t('plugins.yours')} value={money(found.developer_cents)} />
              <Figure label={t('plugins.gross')} value={money(found.gross_cents)} />
              <Figure label={t('plugins.sales')} value={number(found.sales)} />
              <Figure label={t('plugins.balance')} value={money(found.balance_cents)} />
            </div>
            {found.plugins.length > 0 && (
              <div className="table" tabIndex={0} role="group" aria-label={t('plugins.earnings')}>
                <table>
                  <thead>
                    <tr>
                      <th>{t('name')}</th>
                      <th className="number">{t('plugins.sales')}</th>
                      <th className="number">{t('plugins.gross')}</th>
                      <th className="number">{t('plugins.refunded')}</th>
                      <th className="number">{t('plugins.yours')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {found.plugins.map((plugin) => (
                      <tr key={plugin.plugin_id}>
                        <td>{plugin.name ?? plugin.plugin_id}</td>
                        <td className="number">{number(plugin.sales)}</td>
                        <td className="number">{money(plugin.gross_cents)}</td>
                        <td className="number">{money(plugin.refunded_cents)}</td>
                        <td className="number">{money(plugin.developer_cents)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
