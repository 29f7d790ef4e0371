import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pause, Pencil, Play } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation, useParams } from 'wouter';
import { RunRows } from '../runs/run-rows';
import { useUser } from '../session/context';
import { dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Markdown } from '../ui/markdown';
import { Badge, Card, ErrorNote, Loaded, Page, Skeleton } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { openGoal, useGoalKeys, type OpenGoal } from './goal-content';
import { GoalForm } from './goal-form';
import { scheduleText } from './schedule-text';

export function Goal(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const { client } = useUser();
  const keys = useGoalKeys();
  const goal = useQuery({
    queryKey: ['goals', id],
    queryFn: async () => openGoal(await client.goals.get(id), keys),
  });
  if (goal.data) return <GoalView open={goal.data} />;
  return <Page title={t('nav.goals')}>{goal.error ? <ErrorNote error={goal.error} /> : <Skeleton />}</Page>;
}

function GoalView({ open }: { readonly open: OpenGoal }): ReactNode {
  const { goal, content } = open;
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [isEditing, setEditing] = useState(false);
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['goals'] });
  const run = useMutation({
    mutationFn: () => client.goals.run(goal.id),
    onSuccess: ({ run_id: runId }) => go(`/runs/${runId}`),
    onError: toastError,
  });
  const change = useMutation({
    mutationFn: (status: 'active' | 'paused') => client.goals.change(goal.id, { status }),
    onSuccess: async ({ status }) => {
      await refresh();
      if (status === 'paused') toast(t('goals.status.paused'), () => change.mutate('active'));
    },
    onError: toastError,
  });
  const runs = useQuery({
    queryKey: ['runs', { goal: goal.id }],
    queryFn: () => client.runs.list({ goal_id: goal.id, limit: 20 }),
  });
  const isPaused = goal.status === 'paused';
  return (
    <Page
      title={content.title}
      lead={t('goals.lead')}
      actions={
        <>
          <Button look="primary" icon={Play} busy={run.isPending} onClick={() => run.mutate()}>
            {t('goals.runNow')}
          </Button>
          <Button icon={Pencil} onClick={() => setEditing(true)}>
            {t('edit')}
          </Button>
        </>
      }
    >
      <Card
        title={t('goals.instructions')}
        actions={
          <>
            <Badge>{t(`goals.status.${goal.status}`)}</Badge>
            {goal.custody === 'device' && <Badge tone="good">{t('goals.privateBadge')}</Badge>}
          </>
        }
      >
        <Markdown text={content.instructions} />
        <dl className="facts">
          <dt>{t('chat.agent')}</dt>
          <dd>{goal.agent ?? t('goals.anyAgent')}</dd>
          <dt>{t('goals.schedule')}</dt>
          <dd>
            {goal.schedules.length === 0
              ? t('goals.when.none')
              : goal.schedules.map((schedule) => (
                  <div key={schedule.id}>
                    {scheduleText(schedule)} <span className="muted">{schedule.timezone}</span>
                  </div>
                ))}
          </dd>
          <dt>{t('goals.nextLabel')}</dt>
          <dd>{goal.next_run_at === null ? '–' : dateTime(goal.next_run_at)}</dd>
        </dl>
        <div className="actions">
          {goal.schedules.length > 0 && (
            <Button
              icon={isPaused ? Play : Pause}
              busy={change.isPending}
              onClick={() => change.mutate(isPaused ? 'active' : 'paused')}
            >
              {t(isPaused ? 'goals.resume' : 'goals.pause')}
            </Button>
          )}
          <ConfirmButton
            label={t('delete')}
            question={t('goals.deleteQuestion')}
            onConfirm={async () => {
              await client.goals.delete(goal.id);
              await refresh();
              go('/goals');
            }}
          />
        </div>
      </Card>
      <Card title={t('nav.runs')}>
        <Loaded query={runs}>{(found) => <RunRows runs={found} />}</Loaded>
      </Card>
      {isEditing && (
        <GoalForm
          open={open}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            toast(t('saved'));
          }}
        />
      )}
    </Page>
  );
}
