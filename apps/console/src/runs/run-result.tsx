import { ClientError, openRunOutput, type RunActionDto, type RunDto, type RunResult as Result } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { actionTitle, subjectOf } from '../chat/action-text';
import { carryOut, type Undo } from '../chat/actions';
import { useGoalKeys } from '../goals/goal-content';
import { useRecords } from '../records/context';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
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
      // Sealed for the devices that there were: keys of a goal open its results on later ones, too.
      if (run.goal_id === undefined) throw new ClientError('DecryptError', t('problem.DecryptError'));
      const goal = await client.goals.get(run.goal_id);
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
      const undos: Undo[] = [];
      for (const action of actions) {
        const undo = await carryOut(action, records, client);
        if (undo) undos.unshift(undo);
      }
      await client.runs.acknowledge(
        run.id,
        actions.map(({ id }) => id),
      );
      return undos;
    },
    onSuccess: async (undos) => {
      const undoAll = async (): Promise<void> => {
        for (const undo of undos) await undo();
      };
      toast(t('chat.state.done'), undos.length === 0 ? undefined : undoAll);
      await cache.invalidateQueries({ queryKey: ['runs', run.id, 'output'] });
    },
  });
  if (carry.isSuccess) return <p className="muted">{t('runs.carriedOut')}</p>;
  return (
    <div className="stack">
      <h3>{t('chat.actions')}</h3>
      <ul className="turn-actions">
        {actions.map((action) => (
          <li key={action.id}>
            <div className="turn-action">
              <strong>{actionTitle(action)}</strong>
              <span>{subjectOf(action)}</span>
            </div>
          </li>
        ))}
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
