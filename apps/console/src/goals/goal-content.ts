import { GoalKeys, type GoalContent, type GoalDto } from '@adiuva/client';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';

/** A goal with what it says, decrypted where only devices can read it. */
export interface OpenGoal {
  readonly goal: GoalDto;
  readonly content: GoalContent;
}

export function useGoalKeys(): GoalKeys {
  const { vault } = useUser();
  return useMemo(() => new GoalKeys(vault), [vault]);
}

export async function openGoal(goal: GoalDto, keys: GoalKeys): Promise<OpenGoal> {
  const { title, instructions, input } = goal;
  if (typeof title === 'string' && typeof instructions === 'string')
    return { goal, content: { title, instructions, input } };
  const content = await keys.open(goal).catch(() => ({ title: t('goals.unreadable'), instructions: '' }));
  return { goal, content };
}

/** The newest hundred goals. */
export function useGoals(): UseQueryResult<readonly OpenGoal[]> {
  const { client } = useUser();
  const keys = useGoalKeys();
  return useQuery({
    queryKey: ['goals'],
    queryFn: async () => Promise.all((await client.goals.list({ limit: 100 })).map((goal) => openGoal(goal, keys))),
  });
}
