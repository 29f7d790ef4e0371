import type { AgentDto, CustomAgentDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bot, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { useUser } from '../session/context';
import { t, type TextKey } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Badge, Card, Empty, Loaded, Page } from '../ui/parts';
import { SubNav } from '../ui/sub-nav';
import { toastError } from '../ui/toasts';
import { AgentForm } from './agent-form';
import { Memories } from './memories';

const PARTS: readonly (readonly [path: string, title: TextKey])[] = [
  ['/agents', 'nav.agents'],
  ['/agents/memories', 'memories.title'],
];

export function Agents(): ReactNode {
  return (
    <Page title={t('nav.agents')} lead={t('agents.lead')}>
      <SubNav links={PARTS} />
      <Switch>
        <Route path="/agents/memories" component={Memories} />
        <Route component={AgentList} />
      </Switch>
    </Page>
  );
}

function AgentList(): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents() });
  const [edited, setEdited] = useState<CustomAgentDto | 'new'>();
  const edit = useMutation({
    mutationFn: (id: string) => client.agents.get(id),
    onSuccess: setEdited,
    onError: toastError,
  });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['agents'] });
  const create =
    profile.tier === 'free' ? (
      <Link href="/plan" className="button primary">
        {t('sync.plans')}
      </Link>
    ) : (
      <Button look="primary" icon={Plus} onClick={() => setEdited('new')}>
        {t('agents.new')}
      </Button>
    );
  return (
    <>
      <Loaded query={agents}>
        {(found) => {
          const own = found.filter(({ kind }) => kind === 'custom');
          return (
            <>
              <Card title={t('agents.own')} actions={own.length > 0 && create}>
                {own.length === 0 ? (
                  <Empty
                    icon={Bot}
                    title={t('agents.empty')}
                    text={t(profile.tier === 'free' ? 'problem.upgrade_required' : 'agents.emptyText')}
                  >
                    {create}
                  </Empty>
                ) : (
                  <ul className="rows">
                    {own.map((agent) => (
                      <AgentRow key={agent.name} agent={agent}>
                        <Button onClick={() => edit.mutate(agent.id ?? '')}>{t('edit')}</Button>
                        <ConfirmButton
                          label={t('delete')}
                          question={t('agents.deleteQuestion', { name: agent.name })}
                          onConfirm={() => client.agents.delete(agent.id ?? '').then(refresh)}
                        />
                      </AgentRow>
                    ))}
                  </ul>
                )}
              </Card>
              <Card title={t('agents.builtin')}>
                <ul className="rows">
                  {found
                    .filter(({ kind }) => kind === 'builtin')
                    .map((agent) => (
                      <AgentRow key={agent.name} agent={agent} />
                    ))}
                </ul>
              </Card>
            </>
          );
        }}
      </Loaded>
      {edited !== undefined && (
        <AgentForm agent={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function AgentRow({ agent, children }: { readonly agent: AgentDto; readonly children?: ReactNode }): ReactNode {
  return (
    <li className="row">
      <span className="row-main">
        <strong>{agent.name}</strong>
        <small>{agent.description}</small>
      </span>
      {!agent.enabled && <Badge>{t('agents.disabled')}</Badge>}
      {children !== undefined && <span className="actions">{children}</span>}
    </li>
  );
}
