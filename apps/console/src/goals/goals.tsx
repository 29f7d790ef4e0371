import { Plus, Target } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { statusBadge } from '../runs/status';
import { ago, dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Empty, Loaded, Page } from '../ui/parts';
import { useGoals, type OpenGoal } from './goal-content';
import { GoalForm } from './goal-form';

export function Goals(): ReactNode {
  const goals = useGoals();
  const [, go] = useLocation();
  const [isNew, setNew] = useState(false);
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setNew(true)}>
      {t('goals.new')}
    </Button>
  );
  return (
    <Page title={t('nav.goals')} lead={t('goals.lead')} actions={create}>
      <Loaded query={goals}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={Target} title={t('goals.empty')} text={t('goals.emptyText')}>
              {create}
            </Empty>
          ) : (
            <Card>
              <ul className="rows">
                {found.map((open) => (
                  <GoalRow key={open.goal.id} open={open} />
                ))}
              </ul>
            </Card>
          )
        }
      </Loaded>
      {isNew && <GoalForm onClose={() => setNew(false)} onSaved={(id) => go(`/goals/${id}`)} />}
    </Page>
  );
}

function GoalRow({ open: { goal, content } }: { readonly open: OpenGoal }): ReactNode {
  const { last_run: last, next_run_at: next, status } = goal;
  return (
    <li>
      <Link href={`/goals/${goal.id}`}>
        <span className="row-main">
          <strong>{content.title}</strong>
          <small>
            {next === null ? t('goals.noNext') : t('goals.nextRun', { when: dateTime(next) })}
            {last !== null && ` · ${t('goals.lastRun', { when: ago(last.created_at) })}`}
          </small>
        </span>
        <span className="actions">
          {last !== null && statusBadge(last.status)}
          <Badge>{t(`goals.status.${status}`)}</Badge>
        </span>
      </Link>
    </li>
  );
}
