import { openRunOutput, type JobDto, type RunAgentDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, Bot } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { hasEnded, statusBadge } from '../runs/status';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Choice, TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { Markdown } from '../ui/markdown';
import { Card, Loaded } from '../ui/parts';
import { Findings } from '../plugins/findings';
import { toastError } from '../ui/toasts';

const AGENTS = ['research', 'wireframe', 'code', 'qa', 'pedagogy'] as const;

/** What agents do and did in a project. */
export function Jobs({ projectId }: { readonly projectId: string }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [agent, setAgent] = useState<RunAgentDto['agent_type']>('qa');
  const [request, setRequest] = useState('');
  const jobs = useQuery({
    queryKey: ['projects', projectId, 'jobs'],
    queryFn: async () => (await client.projects.jobs(projectId, 20)).jobs,
  });
  const start = useMutation({
    mutationFn: () =>
      client.projects.runAgent({
        project_id: projectId,
        agent_type: agent,
        input_context: request.trim() === '' ? {} : { request },
      }),
    onSuccess: () => {
      setRequest('');
      return cache.invalidateQueries({ queryKey: ['projects', projectId, 'jobs'] });
    },
  });
  return (
    <Card title={t('projects.jobs')} lead={t('projects.jobsLead')}>
      <Form submit={t('projects.start')} work={start} icon={Bot}>
        <div className="columns">
          <Choice
            label={t('chat.agent')}
            hint={t(`projects.agentHint.${agent}`)}
            value={agent}
            options={AGENTS.map((value) => [value, t(`projects.agent.${value}`)] as const)}
            onValue={setAgent}
          />
          <TextArea label={t('projects.request')} rows={2} value={request} onValue={setRequest} />
        </div>
      </Form>
      <Loaded query={jobs}>
        {(found) => (
          <ul className="rows">
            {found.map((job) => (
              <Job key={job.job_id} job={job} projectId={projectId} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Job({ job: listed, projectId }: { readonly job: JobDto; readonly projectId: string }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const isLive = !hasEnded(listed.status);
  useEffect(() => {
    if (!isLive) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const _ of client.projects.jobEvents(listed.job_id, 0, stop.signal))
        await cache.invalidateQueries({ queryKey: ['projects', projectId, 'jobs'] });
      await cache.invalidateQueries({ queryKey: ['projects', projectId] });
    };
    follow().catch(() => undefined);
    return () => stop.abort();
  }, [client, cache, isLive, listed.job_id, projectId]);
  const cancel = (): void =>
    void client.projects
      .cancelJob(listed.job_id)
      .then(() => cache.invalidateQueries({ queryKey: ['projects', projectId, 'jobs'] }), toastError);
  return (
    <li>
      <div className="row">
        <span className="row-main">
          <strong>{t(`projects.agent.${listed.agent_type}`)}</strong>
          <small>
            {ago(listed.created_at)}
            {listed.error && ` · ${listed.error.title}`}
          </small>
        </span>
        {isLive && (
          <>
            <progress aria-label={t('runs.progress')} value={listed.progress} max={100} className="short" />
            <Button look="quiet" icon={Ban} onClick={cancel}>
              {t('cancel')}
            </Button>
          </>
        )}
        {statusBadge(listed.status)}
      </div>
      {listed.status === 'completed' && <JobResult jobId={listed.job_id} />}
    </li>
  );
}

function JobResult({ jobId }: { readonly jobId: string }): ReactNode {
  const { client, keys, vault } = useUser();
  const result = useQuery({
    queryKey: ['job', jobId],
    staleTime: Infinity,
    queryFn: async () => {
      const { result: output } = await client.projects.job(jobId);
      const device = await keys.device();
      const text =
        output?.sealed && device
          ? (await openRunOutput(output, { userId: vault.userId, runId: jobId }, device)).response
          : output?.response;
      return { text, changes: output?.changes ?? [], findings: output?.findings ?? [] };
    },
  });
  return (
    <details>
      <summary className="hint">{t('runs.result')}</summary>
      <Loaded query={result}>
        {({ text, changes, findings }) => (
          <div className="stack">
            {text !== undefined && text !== '' && <Markdown text={text} />}
            {changes.length > 0 && (
              <ul>
                {changes.map(({ path }) => (
                  <li key={path}>
                    <code>{path}</code>
                  </li>
                ))}
              </ul>
            )}
            <Findings findings={findings} />
          </div>
        )}
      </Loaded>
    </details>
  );
}
