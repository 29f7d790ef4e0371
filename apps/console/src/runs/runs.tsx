import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { RunDto } from '@adiuva/client';
import { useState, type ReactNode } from 'react';
import { useGoals } from '../goals/goal-content';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Card, Loaded, Page, Pages } from '../ui/parts';
import { useWorkflows } from '../workflows/workflow-list';
import { RunRows } from './run-rows';

const STATUSES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
const PAGE = 50;

export function Runs(): ReactNode {
  const { client } = useUser();
  const [status, setStatus] = useState<RunDto['status']>();
  const [page, setPage] = useState(1);
  const goals = useGoals();
  const workflows = useWorkflows();
  const runs = useQuery({
    queryKey: ['runs', { status, page }],
    placeholderData: keepPreviousData,
    queryFn: () => client.runs.list({ page, limit: PAGE, ...(status === undefined ? {} : { status }) }),
  });
  const titles = new Map([
    ...(goals.data ?? []).map(({ goal, content }) => [goal.id, content.title] as const),
    ...(workflows.data ?? []).map(({ id, title }) => [id, title] as const),
  ]);
  return (
    <Page
      title={t('nav.runs')}
      lead={t('runs.lead')}
      actions={
        <select
          aria-label={t('status')}
          value={status ?? ''}
          onChange={(event) => {
            setStatus(STATUSES.find((known) => known === event.target.value));
            setPage(1);
          }}
        >
          <option value="">{t('runs.all')}</option>
          {STATUSES.map((value) => (
            <option key={value} value={value}>
              {t(`run.status.${value}`)}
            </option>
          ))}
        </select>
      }
    >
      <Loaded query={runs}>
        {(found) => (
          <>
            <Card>
              <RunRows runs={found} titles={titles} />
            </Card>
            <Pages
              newer={page > 1 && (() => setPage(page - 1))}
              older={found.length === PAGE && (() => setPage(page + 1))}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
