import type { DagDto, DagNodeDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play, Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation, useParams } from 'wouter';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Card, ErrorNote, Page, Skeleton } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { Graph } from './graph';
import { NodeForm } from './node-form';
import { withNodeAgain, withoutNode } from './nodes';
import { WorkflowParams } from './workflow-params';

export function Workflow(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const { client } = useUser();
  const dag = useQuery({ queryKey: ['workflows', id], queryFn: () => client.dags.get(id) });
  if (dag.data) return <WorkflowView key={dag.data.version} dag={dag.data} />;
  return <Page title={t('nav.graphs')}>{dag.error ? <ErrorNote error={dag.error} /> : <Skeleton />}</Page>;
}

/** The builder: the graph, and a form for the node that is open in it. */
function WorkflowView({ dag }: { readonly dag: DagDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [nodes, setNodes] = useState<readonly DagNodeDto[]>(dag.nodes);
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents(), staleTime: 60_000 });
  const [openId, setOpenId] = useState<string>();
  const [params, setParams] = useState(dag.params);
  const isChanged = nodes !== dag.nodes;
  const save = useMutation({
    mutationFn: () => client.dags.change(dag.id, { nodes: [...nodes] }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['workflows'] });
      toast(t('saved'));
    },
  });
  const execute = useMutation({
    mutationFn: () => client.dags.execute({ dag_id: dag.id, params }),
    onSuccess: ({ execution_id: runId }) => go(`/runs/${runId}`),
    onError: toastError,
  });
  const add = (): void => {
    const id = freshId(nodes);
    const last = nodes.at(-1);
    setNodes([
      ...nodes,
      { id, name: id, agent: agents.data?.[0]?.name ?? null, instructions: '', depends_on: last ? [last.id] : [] },
    ]);
    setOpenId(id);
  };
  const remove = (id: string): void => {
    const before = nodes;
    setNodes(withoutNode(nodes, id));
    setOpenId(undefined);
    toast(t('deleted'), () => setNodes((now) => withNodeAgain(now, before, id)));
  };
  const open = nodes.find(({ id }) => id === openId);
  return (
    <Page
      look="wide"
      title={dag.title}
      lead={t('workflows.facts', { nodes: nodes.length, version: dag.version })}
      actions={
        <>
          <Button
            look={isChanged ? 'plain' : 'primary'}
            icon={Play}
            disabled={isChanged}
            busy={execute.isPending}
            onClick={() => execute.mutate()}
          >
            {t('workflows.execute')}
          </Button>
          {isChanged && (
            <Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>
              {t('save')}
            </Button>
          )}
          <ConfirmButton
            label={t('delete')}
            question={t('workflows.deleteQuestion')}
            onConfirm={async () => {
              await client.dags.delete(dag.id);
              await cache.invalidateQueries({ queryKey: ['workflows'], refetchType: 'none' });
              go('/workflows');
            }}
          />
        </>
      }
    >
      <ErrorNote error={save.error} />
      <Card
        title={t('workflows.graph')}
        lead={t('workflows.graphLead')}
        actions={
          <Button icon={Plus} onClick={add}>
            {t('workflows.addNode')}
          </Button>
        }
      >
        <Graph
          label={dag.title}
          onOpen={setOpenId}
          nodes={nodes.map((node) => ({
            id: node.id,
            dependsOn: node.depends_on ?? [],
            title: node.name ?? node.id,
            subtitle: node.agent ?? node.tool ?? '',
          }))}
        />
        <div className="actions" role="group" aria-label={t('workflows.nodes')}>
          {nodes.map((node) => (
            <Button
              key={node.id}
              aria-pressed={node.id === openId}
              onClick={() => setOpenId(node.id === openId ? undefined : node.id)}
            >
              {node.name ?? node.id}
            </Button>
          ))}
        </div>
      </Card>
      {open && (
        <Card
          title={open.name ?? open.id}
          actions={
            <Button look="quiet" icon={Trash2} onClick={() => remove(open.id)}>
              {t('delete')}
            </Button>
          }
        >
          <NodeForm
            key={open.id}
            node={open}
            others={nodes.filter(({ id }) => id !== open.id)}
            onNode={(next) => setNodes(nodes.map((node) => (node.id === open.id ? next : node)))}
          />
        </Card>
      )}
      <WorkflowParams params={params} onParams={setParams} />
    </Page>
  );
}

function freshId(nodes: readonly DagNodeDto[]): string {
  const taken = new Set(nodes.map(({ id }) => id));
  let number = nodes.length + 1;
  while (taken.has(`step_${number}`)) number += 1;
  return `step_${number}`;
}
