import { openRunOutput, type RunActionDto, type RunDto, type RunResult as Result } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { carryOut } from '../chat/actions';
import { useGoalKeys } from '../goals/goal-content';
import { useRecords } from '../records/context';
import { useUser } from '../session/context';
import { hasText, t } from '../texts/texts';
import { Button } from '../ui/button';
import { Markdown } from '../ui/markdown';
import { Card, ErrorNote, Loaded } from '../ui/parts';
import { toast } from '../ui/toasts';

/** What a run gave, decrypted in this browser, and its actions, which are carried out here and acknowledged. */
export function RunResult({ run }: { readonly run: RunDto }): ReactNode {
  const { client, vault, keys } = useUser();
  const goalKeys = useGoalKeys();
  const result = useQuery({
    queryKey: ['runs', run.id, 'output'],
    queryFn: async (): Promise<Result> => {
      const output = await client.runs.output(run.id);
      if (!output.sealed)
        return { response: output.response ?? '', actions: output.actions ?? [], schedules: output.schedules ?? [] };
      const device = await keys.device();
      if (device && output.sealed.devices.some(({ device_id: id }) => id === device.id))
        return openRunOutput(output, { userId: vault.userId, runId: run.id }, device);
      const goal = await client.goals.get(run.goal_id ?? '');
      return goalKeys.openResult(run.id, output, goal.title);
    },
  });
  return (
    <Card title={t('runs.result')}>
      <Loaded query={result}>
        {({ response, actions }) => (
          <>
            <Markdown text={response} />
            {actions.length > 0 && <ResultActions run={run} actions={actions} />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function ResultActions({
  run,
  actions,
}: {
  readonly run: RunDto;
  readonly actions: readonly RunActionDto[];
}): ReactNode {
  const { client } = useUser();
  const records = useRecords();
  const cache = useQueryClient();
  const carry = useMutation({
    mutationFn: async () => {
      for (const action of actions) await carryOut(action, records, client);
      return client.runs.acknowledge(
        run.id,
        actions.map(({ id }) => id),
      );
    },
    onSuccess: async () => {
      toast(t('chat.state.done'));
      await cache.invalidateQueries({ queryKey: ['runs', run.id, 'output'] });
    },
  });
  if (carry.isSuccess) return <p className="muted">{t('runs.carriedOut')}</p>;
  return (
    <div className="stack">
      <h3>{t('chat.actions')}</h3>
      <ul className="turn-actions">
        {actions.map(({ id, type, table, data }) => {
          const key = `table.${table ?? ''}`;
          const name = data?.['title'] ?? data?.['name'];
          return (
            <li key={id}>
              <div className="turn-action">
                <strong>{t(`chat.action.${type}`, { table: hasText(key) ? t(key) : (table ?? '') })}</strong>
                <span>{typeof name === 'string' ? name : ''}</span>
              </div>
            </li>
          );
        })}
      </ul>
      <ErrorNote error={carry.error} />
      <div className="actions">
        <Button look="primary" icon={Check} busy={carry.isPending} onClick={() => carry.mutate()}>
          {t('runs.carryOut')}
        </Button>
      </div>
    </div>
  );
}
