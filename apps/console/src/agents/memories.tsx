import type { MemoryDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Brain, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Choice, TextArea } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { Card, Empty, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';

const SHOWN = 100;

/** What agents with memory know of the user. */
export function Memories(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<MemoryDto | 'new'>();
  const memories = useQuery({ queryKey: ['memories'], queryFn: () => client.memories.list({ limit: SHOWN }) });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['memories'] });
  const remove = useMutation({
    mutationFn: ({ id }: MemoryDto) => client.memories.delete(id),
    onSuccess: async (_, { agent, content }) => {
      await refresh();
      toast(t('deleted'), () => client.memories.create({ agent, content }).then(refresh));
    },
    onError: toastError,
  });
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setEdited('new')}>
      {t('memories.new')}
    </Button>
  );
  return (
    <Card title={t('memories.title')} lead={t('memories.lead')} actions={create}>
      <Loaded query={memories}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon={Brain} title={t('memories.empty')} text={t('memories.emptyText')} />
          ) : (
            <ul className="rows">
              {found.map((memory) => (
                <li key={memory.id} className="row">
                  <span className="row-main">
                    <span>{memory.content}</span>
                    <small>{[memory.agent ?? t('memories.everyAgent'), ago(memory.updated_at)].join(' · ')}</small>
                  </span>
                  <span className="actions">
                    <Button onClick={() => setEdited(memory)}>{t('edit')}</Button>
                    <Button look="danger" onClick={() => remove.mutate(memory)}>
                      {t('delete')}
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited !== undefined && (
        <MemoryForm memory={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Card>
  );
}

function MemoryForm({
  memory,
  onClose,
}: {
  readonly memory: MemoryDto | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [content, setContent] = useState(memory?.content ?? '');
  const [agent, setAgent] = useState(memory?.agent ?? '');
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents(), staleTime: 60_000 });
  const own = (agents.data ?? []).filter(({ kind }) => kind === 'custom');
  const save = useMutation({
    mutationFn: () =>
      memory
        ? client.memories.change(memory.id, { content }, memory.version)
        : client.memories.create({ content, agent: agent === '' ? null : agent }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['memories'] });
      onClose();
    },
  });
  return (
    <FormDialog title={t(memory ? 'memories.edit' : 'memories.new')} submit={t('save')} work={save} onClose={onClose}>
      <TextArea label={t('memories.content')} required maxLength={4_000} value={content} onValue={setContent} />
      {!memory && (
        <Choice
          label={t('chat.agent')}
          value={agent}
          options={[['', t('memories.everyAgent')], ...own.map(({ name }) => [name, name] as const)]}
          onValue={setAgent}
        />
      )}
    </FormDialog>
  );
}
