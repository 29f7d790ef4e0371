import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { ago, duration, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Card, Empty, Figure, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';

const REFRESH_MS = 5_000;

/** Background jobs: what is due, and what has failed for good. */
export function Jobs(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const overview = useQuery({
    queryKey: ['admin', 'overview'],
    refetchInterval: REFRESH_MS,
    queryFn: () => client.admin.overview(),
  });
  const retry = useMutation({
    mutationFn: (id: string) => client.admin.retryJob(id),
    onSuccess: () => {
      toast(t('admin.retried'));
      return cache.invalidateQueries({ queryKey: ['admin', 'overview'] });
    },
    onError: toastError,
  });
  return (
    <Loaded query={overview}>
      {({ queue, dead_jobs: dead }) => (
        <>
          <Card title={t('admin.queue')}>
            <div className="columns short">
              <Figure label={t('admin.due')} value={number(queue.due)} />
              <Figure label={t('run.status.running')} value={number(queue.running)} />
              <Figure label={t('inbox.status.scheduled')} value={number(queue.scheduled)} />
              <Figure
                label={t('admin.oldestJob')}
                value={queue.oldest_s === null ? '–' : duration(queue.oldest_s * 1000)}
              />
            </div>
          </Card>
          <Card title={t('admin.deadJobs')} lead={t('admin.deadJobsLead')}>
            {dead.length === 0 ? (
              <Empty icon={CircleCheck} title={t('admin.noDeadJobs')} text={t('admin.noDeadJobsText')} />
            ) : (
              <ul className="rows">
                {dead.map(({ id, name, attempts, error, failed_at: at }) => (
                  <li key={id} className="row">
                    <span className="row-main">
                      <strong>{name}</strong>
                      <small>
                        {ago(at)} · {t('runs.attempts', { count: attempts })}
                        {error !== null && ` · ${error}`}
                      </small>
                    </span>
                    <Button
                      icon={RotateCcw}
                      busy={retry.isPending && retry.variables === id}
                      onClick={() => retry.mutate(id)}
                    >
                      {t('retry')}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </>
      )}
    </Loaded>
  );
}
