import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Waypoints } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Choice, TextArea, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { Badge, Card, Empty, Loaded, Page } from '../ui/parts';
import { useWorkflows } from './workflow-list';

export function Workflows(): ReactNode {
  const workflows = useWorkflows();
  const [isNew, setNew] = useState(false);
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setNew(true)}>
      {t('workflows.new')}
    </Button>
  );
  return (
    <Page title={t('nav.graphs')} lead={t('workflows.lead')} actions={create}>
      <Loaded query={workflows}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={Waypoints} title={t('workflows.empty')} text={t('workflows.emptyText')}>
              {create}
            </Empty>
          ) : (
            <Card>
              <ul className="rows">
                {found.map(({ id, title, nodes, version, status, updated_at: at }) => (
                  <li key={id}>
                    <Link href={`/workflows/${id}`}>
                      <span className="row-main">
                        <strong>{title}</strong>
                        <small>
                          {t('workflows.facts', { nodes: nodes.length, version })} · {ago(at)}
                        </small>
                      </span>
                      <Badge tone={status === 'ready' ? 'good' : 'plain'}>{t(`workflows.status.${status}`)}</Badge>
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          )
        }
      </Loaded>
      {isNew && <NewWorkflow onClose={() => setNew(false)} />}
    </Page>
  );
}

type Source = 'empty' | 'text' | 'playbook';

function NewWorkflow({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [source, setSource] = useState<Source>('playbook');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [playbook, setPlaybook] = useState('');
  const playbooks = useQuery({ queryKey: ['playbooks'], queryFn: () => client.dags.playbooks() });
  const chosen = (playbooks.data ?? []).find(({ id }) => id === playbook) ?? playbooks.data?.[0];
  const create = useMutation({
    mutationFn: async () => {
      if (source === 'text') return client.dags.create({ goal_text: text });
      if (source === 'playbook') return client.dags.create({ playbook: chosen?.id ?? '' });
      const [agent] = await client.chat.agents();
      return client.dags.create({
        title,
        nodes: [{ id: 'start', name: 'Start', agent: agent?.name ?? null, instructions: t('workflows.firstNode') }],
      });
    },
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: ['workflows'] });
      go(`/workflows/${id}`);
    },
  });
  return (
    <FormDialog title={t('workflows.new')} submit={t('create')} work={create} onClose={onClose}>
      <Choice
        label={t('workflows.from')}
        value={source}
        options={(['playbook', 'text', 'empty'] as const).map(
          (value) => [value, t(`workflows.from.${value}`)] as const,
        )}
        onValue={setSource}
      />
      {source === 'playbook' && (
        <Choice
          label={t('workflows.playbook')}
          hint={chosen?.description}
          value={chosen?.id ?? ''}
          options={(playbooks.data ?? []).map(({ id, title: name }) => [id, name] as const)}
          onValue={setPlaybook}
        />
      )}
      {source === 'text' && (
        <TextArea label={t('workflows.text')} hint={t('workflows.textHint')} required value={text} onValue={setText} />
      )}
      {source === 'empty' && <TextField label={t('goals.title')} required value={title} onValue={setTitle} />}
    </FormDialog>
  );
}
