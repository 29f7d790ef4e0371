import type { CheckDto } from '@adiuva/client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, RefreshCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Loaded, type Tone } from '../ui/parts';

const LEVELS: Readonly<Record<CheckDto['level'], readonly [rank: number, tone: Tone, icon: LucideIcon]>> = {
  error: [0, 'bad', CircleX],
  warning: [1, 'warn', TriangleAlert],
  ok: [2, 'good', CircleCheck],
};

/** Settings, database, blobs, keys, clock, mail, Stripe and space of this server; what needs work comes first. */
export function Doctor(): ReactNode {
  const { client } = useUser();
  // It takes some seconds and asks other services: once, and when the administrator wants it.
  const report = useQuery({ queryKey: ['admin', 'doctor'], staleTime: Infinity, queryFn: () => client.admin.doctor() });
  return (
    <Card
      title={t('admin.doctor')}
      lead={t('admin.doctorLead')}
      actions={
        <Button icon={RefreshCw} busy={report.isFetching} onClick={() => void report.refetch()}>
          {t('admin.checkAgain')}
        </Button>
      }
    >
      <Loaded query={report}>
        {({ ok, checks }) => (
          <>
            <p className={ok ? 'note good' : 'note bad'} role="status">
              {ok ? t('admin.doctorOk') : t('admin.doctorFaults')}
            </p>
            <ul className="rows">
              {[...checks]
                .sort((a, b) => LEVELS[a.level][0] - LEVELS[b.level][0])
                .map((check) => (
                  <CheckRow key={`${check.subject} ${check.message}`} check={check} />
                ))}
            </ul>
          </>
        )}
      </Loaded>
    </Card>
  );
}

function CheckRow({ check: { subject, level, message, remedy } }: { readonly check: CheckDto }): ReactNode {
  const [, tone, Icon] = LEVELS[level];
  return (
    <li className="check-row">
      <Icon size={18} className={tone} aria-hidden />
      <div className="row-main">
        <strong>{subject}</strong>
        <p>{message}</p>
        {remedy !== null && <p className="hint">{remedy}</p>}
      </div>
      <Badge tone={tone}>{t(`admin.level.${level}`)}</Badge>
    </li>
  );
}
