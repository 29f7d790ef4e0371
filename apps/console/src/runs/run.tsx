import type { RunDto, StepDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, RotateCcw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useUser } from '../session/context';
import { dateTime, duration, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Card, ErrorNote, Loaded, Page, Skeleton } from '../ui/parts';
import { toastError } from '../ui/toasts';
import { Graph } from '../workflows/graph';
import { RunResult } from './run-result';
import { hasEnded, statusBadge } from './status';
import { useExecution, useRun } from './use-run';

export function Run(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const { run, steps } = useRun(id);
  if (!run.data) return <Page title={t('nav.runs')}>{run.error ? <ErrorNote error={run.error} /> : <Skeleton />}</Page>;
  return (
    <Page
      title={t(`run.kind.${run.data.kind}`)}
      lead={<Origin run={run.data} />}
      actions={<RunActions run={run.data} />}
    >
      <Facts run={run.data} />
      {run.data.waiting_for === 'approval' && <Answer run={run.data} />}
      {run.data.status === 'completed' && <RunResult run={run.data} />}
      {run.data.kind === 'dag' && <ExecutionGraph run={run.data} />}
      <Card title={t('runs.steps')}>
        <Loaded query={steps}>{(found) => <Steps steps={found} />}</Loaded>
      </Card>
    </Page>
  );
}

function Origin({ run }: { readonly run: RunDto }): ReactNode {
  if (run.goal_id !== undefined) return <Link href={`/goals/${run.goal_id}`}>{t('runs.toGoal')}</Link>;
  if (run.dag_id !== undefined) return <Link href={`/workflows/${run.dag_id}`}>{t('runs.toWorkflow')}</Link>;
  return t(`run.trigger.${run.trigger}`);
}

function Facts({ run }: { readonly run: RunDto }): ReactNode {
  return (
    <Card>
      <div className="row">
        <span className="actions">
          {statusBadge(run.status)}
          {run.waiting_for !== undefined && <span className="muted">{t(`runs.waitingFor.${run.waiting_for}`)}</span>}
        </span>
        <span className="muted">{run.progress} %</span>
      </div>
      <progress aria-label={t('runs.progress')} value={run.progress} max={100} />
      {run.error && (
        <div className="note bad" role="alert">
          <p>
            {run.error.title} <code>{run.error.code}</code>
          </p>
        </div>
      )}
      <dl className="facts">
        <dt>{t('runs.started')}</dt>
        <dd>{dateTime(run.started_at)}</dd>
        <dt>{t('runs.ended')}</dt>
        <dd>
          {dateTime(run.ended_at)}
          {run.started_at !== null && run.ended_at !== null && ` (${duration(run.ended_at - run.started_at)})`}
        </dd>
        <dt>{t('runs.tokens')}</dt>
        <dd>{number(run.usage.input_tokens + run.usage.output_tokens)}</dd>
      </dl>
    </Card>
  );
}

function RunActions({ run }: { readonly run: RunDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const settled = { onSuccess: () => cache.invalidateQueries({ queryKey: ['runs'] }), onError: toastError };
  const cancel = useMutation({ mutationFn: () => client.runs.cancel(run.id), ...settled });
  const resume = useMutation({ mutationFn: () => client.runs.resume(run.id), ...settled });
  if (!hasEnded(run.status))
    return (
      <Button icon={Ban} busy={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('runs.cancel')}
      </Button>
    );
  return (
    <>
      {run.status === 'failed' && (
        <Button look="primary" icon={RotateCcw} busy={resume.isPending} onClick={() => resume.mutate()}>
          {t('runs.resume')}
        </Button>
      )}
      <ConfirmButton
        label={t('delete')}
        question={t('runs.deleteQuestion')}
        onConfirm={async () => {
          await client.runs.delete(run.id);
          await cache.invalidateQueries({ queryKey: ['runs'], refetchType: 'none' });
          go('/runs');
        }}
      />
    </>
  );
}

/** A run that asks its user. */
function Answer({ run }: { readonly run: RunDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [answer, setAnswer] = useState('');
  const send = useMutation({
    mutationFn: () => client.runs.resume(run.id, { answer }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['runs', run.id] }),
  });
  return (
    <Card title={t('runs.asks')}>
      <Form submit={t('chat.send')} work={send} look="primary">
        <TextField label={t('runs.answer')} required value={answer} onValue={setAnswer} />
      </Form>
    </Card>
  );
}

function ExecutionGraph({ run }: { readonly run: RunDto }): ReactNode {
  const { client } = useUser();
  const execution = useExecution(run);
  const dagId = run.dag_id;
  const dag = useQuery({
    queryKey: ['workflows', dagId],
    enabled: dagId !== undefined,
    queryFn: () => client.dags.get(dagId ?? ''),
  });
  if (!dag.data || !execution.data) return null;
  const states = new Map(execution.data.map((step) => [step.node, step.status]));
  return (
    <Card title={dag.data.title}>
      <Graph
        label={dag.data.title}
        nodes={dag.data.nodes.map((node) => {
          const status = states.get(node.id);
          return {
            id: node.id,
            dependsOn: node.depends_on ?? [],
            title: node.name ?? node.id,
            subtitle: node.agent ?? node.tool ?? '',
            ...(status === undefined ? {} : { status }),
          };
        })}
      />
    </Card>
  );
}

function Steps({ steps }: { readonly steps: readonly StepDto[] }): ReactNode {
  if (steps.length === 0) return <p className="muted">{t('runs.noSteps')}</p>;
  return (
    <ol className="rows">
      {steps.map((step) => (
        <li key={step.id}>
          <details>
            <summary className="row">
              <span className="row-main">
                <strong>{step.name}</strong>
                <small>
                  {t(`run.step.${step.kind}`)}
                  {step.started_at !== null &&
                    step.ended_at !== null &&
                    ` · ${duration(step.ended_at - step.started_at)}`}
                  {step.attempts > 1 && ` · ${t('runs.attempts', { count: step.attempts })}`}
                </small>
              </span>
              {statusBadge(step.status)}
            </summary>
            {step.error && <p className="fault">{step.error.title}</p>}
            <StepData label={t('runs.input')} data={step.input} />
            <StepData label={t('runs.output')} data={step.output} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function StepData({
  label,
  data,
}: {
  readonly label: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}): ReactNode {
  if (data === undefined || Object.keys(data).length === 0) return null;
  return (
    <>
      <p className="hint">{label}</p>
      <pre className="block" tabIndex={0} aria-label={label}>
        {JSON.stringify(data, null, 2)}
      </pre>
    </>
  );
}
