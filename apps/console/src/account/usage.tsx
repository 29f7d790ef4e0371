import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { bytes, number } from '../texts/format';
import { t } from '../texts/texts';
import { Card, Loaded, Meter } from '../ui/parts';

/** What is stored, against what the plan holds. */
export function Usage(): ReactNode {
  const { client } = useUser();
  const usage = useQuery({ queryKey: ['usage'], queryFn: () => client.records.usage() });
  return (
    <Card title={t('usage.title')}>
      <Loaded query={usage}>
        {({ records, vectors, files, backups, limit_bytes: limit, backup_limit_bytes: backupLimit }) => (
          <>
            <QuotaMeter label={t('usage.storage')} used={records.bytes + vectors.bytes + files.bytes} limit={limit} />
            <QuotaMeter label={t('account.backups')} used={backups.bytes} limit={backupLimit} />
            <dl className="facts">
              <dt>{t('usage.records')}</dt>
              <dd>
                {number(records.count)} · {bytes(records.bytes)}
              </dd>
              <dt>{t('usage.files')}</dt>
              <dd>
                {number(files.count)} · {bytes(files.bytes)}
              </dd>
              <dt>{t('usage.vectors')}</dt>
              <dd>
                {number(vectors.count)} · {bytes(vectors.bytes)}
              </dd>
            </dl>
          </>
        )}
      </Loaded>
    </Card>
  );
}

function QuotaMeter({
  label,
  used,
  limit,
}: {
  readonly label: string;
  readonly used: number;
  readonly limit: number;
}): ReactNode {
  const text =
    limit < 0 ? t('usage.unlimited', { used: bytes(used) }) : t('usage.of', { used: bytes(used), limit: bytes(limit) });
  return <Meter label={label} used={used} limit={limit < 0 ? Math.max(used, 1) * 100 : limit} text={text} />;
}
