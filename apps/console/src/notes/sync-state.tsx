import { CloudOff, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRecords, useSyncStatus } from '../records/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button, LinkButton } from '../ui/button';
import { ErrorNote } from '../ui/parts';

/** Where the records of this browser are, and what keeps them from the server. */
export function SyncState(): ReactNode {
  const records = useRecords();
  const status = useSyncStatus();
  switch (status.kind) {
    case 'local':
      return (
        <div className="note warn">
          <CloudOff size={18} aria-hidden />
          <p>{t('sync.local')}</p>
          <LinkButton to="/plan">{t('sync.plans')}</LinkButton>
        </div>
      );
    case 'failed':
      return <ErrorNote error={status.error} onRetry={() => void records.syncNow()} />;
    case 'busy':
    case 'idle': {
      const isBusy = status.kind === 'busy';
      const failures = status.kind === 'idle' ? status.failures : 0;
      const at = status.kind === 'idle' ? status.at : undefined;
      return (
        <div className="sync-line">
          <span role="status">
            {isBusy && t('sync.busy')}
            {failures > 0 && t('sync.failures', { count: failures })}
            {failures === 0 && at !== undefined && t('sync.done', { when: ago(at) })}
          </span>
          <Button look="quiet" icon={RefreshCw} busy={isBusy} onClick={() => void records.syncNow()}>
            {t('sync.now')}
          </Button>
        </div>
      );
    }
  }
}
