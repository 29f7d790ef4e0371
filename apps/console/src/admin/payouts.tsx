import { useMutation } from '@tanstack/react-query';
import { Banknote } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { money } from '../texts/format';
import { t } from '../texts/texts';
import { ConfirmButton } from '../ui/confirm';
import { TextField } from '../ui/fields';
import { Badge, Card } from '../ui/parts';

/** Pays the developers for a month, each once however often it is asked for. */
export function Payouts(): ReactNode {
  const { client } = useUser();
  const [period, setPeriod] = useState(lastMonth);
  const payOut = useMutation({ mutationFn: () => client.admin.payOut(period) });
  return (
    <Card title={t('admin.payouts')} lead={t('admin.payoutsLead')}>
      <TextField label={t('plugins.month')} type="month" value={period} onValue={setPeriod} />
      <div className="actions">
        <ConfirmButton
          label={t('admin.payOut')}
          icon={Banknote}
          question={t('admin.payOutQuestion', { period })}
          onConfirm={async () => void (await payOut.mutateAsync())}
        />
      </div>
      {payOut.data &&
        (payOut.data.payouts.length === 0 ? (
          <p className="muted">{t('admin.noPayouts')}</p>
        ) : (
          <ul className="rows">
            {payOut.data.payouts.map(({ id, developer_id: developer, amount_cents: cents, status }) => (
              <li key={id} className="row">
                <code className="row-main">{developer}</code>
                <span>{money(cents)}</span>
                <Badge tone={status === 'paid' ? 'good' : status === 'refused' ? 'bad' : 'warn'}>
                  {t(`payout.status.${status}`)}
                </Badge>
              </li>
            ))}
          </ul>
        ))}
    </Card>
  );
}

function lastMonth(): string {
  const date = new Date();
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
