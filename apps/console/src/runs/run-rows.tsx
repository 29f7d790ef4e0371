import type { RunDto } from '@adiuva/client';
import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ago, duration } from '../texts/format';
import { t } from '../texts/texts';
import { Empty } from '../ui/parts';
import { statusBadge } from './status';

export function RunRows({
  runs,
  titles = new Map(),
}: {
  readonly runs: readonly RunDto[];
  /** By the id of the goal or DAG. */
  readonly titles?: ReadonlyMap<string, string>;
}): ReactNode {
  if (runs.length === 0) return <Empty icon={Play} title={t('runs.empty')} text={t('runs.emptyText')} />;
  return (
    <ul className="rows">
      {runs.map((run) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`}>
            <span className="row-main">
              <strong>{titles.get(run.goal_id ?? run.dag_id ?? '') ?? t(`run.kind.${run.kind}`)}</strong>
              <small>
                {ago(run.created_at)} · {t(`run.trigger.${run.trigger}`)}
                {run.started_at !== null && run.ended_at !== null && ` · ${duration(run.ended_at - run.started_at)}`}
              </small>
            </span>
            {statusBadge(run.status)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
