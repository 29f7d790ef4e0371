import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileCode, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Choice, TextArea, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { Badge, Card, Empty, Loaded, Page } from '../ui/parts';

export function Projects(): ReactNode {
  const { client } = useUser();
  const [isNew, setNew] = useState(false);
  const projects = useQuery({ queryKey: ['projects'], queryFn: () => client.projects.list({ limit: 100 }) });
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setNew(true)}>
      {t('projects.new')}
    </Button>
  );
  return (
    <Page title={t('nav.projects')} lead={t('projects.lead')} actions={create}>
      <Loaded query={projects}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={FileCode} title={t('projects.empty')} text={t('projects.emptyText')}>
              {create}
            </Empty>
          ) : (
            <Card>
              <ul className="rows">
                {found.map(({ id, title, description, status, updated_at: at }) => (
                  <li key={id}>
                    <Link href={`/projects/${id}`}>
                      <span className="row-main">
                        <strong>{title}</strong>
                        <small>{[description, ago(at)].filter(Boolean).join(' · ')}</small>
                      </span>
                      <Badge tone={status === 'active' ? 'good' : 'plain'}>{t(`projects.status.${status}`)}</Badge>
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          )
        }
      </Loaded>
      {isNew && <NewProject onClose={() => setNew(false)} />}
    </Page>
  );
}

function NewProject({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [stack, setStack] = useState('');
  const [mode, setMode] = useState<'build' | 'learn'>('build');
  const create = useMutation({
    mutationFn: () =>
      client.projects.create({
        title,
        mode,
        description: description.trim() === '' ? null : description,
        tech_stack: stack.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
      }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: ['projects'] });
      go(`/projects/${id}`);
    },
  });
  return (
    <FormDialog title={t('projects.new')} submit={t('create')} work={create} onClose={onClose}>
      <TextField label={t('goals.title')} required autoFocus value={title} onValue={setTitle} />
      <TextArea label={t('projects.description')} value={description} onValue={setDescription} />
      <TextField
        label={t('projects.stack')}
        hint={t('projects.stackHint')}
        placeholder="TypeScript, React"
        value={stack}
        onValue={setStack}
      />
      <Choice
        label={t('projects.mode')}
        value={mode}
        options={(['build', 'learn'] as const).map((value) => [value, t(`projects.mode.${value}`)] as const)}
        onValue={setMode}
      />
    </FormDialog>
  );
}
