import type { RunDto, StepDto, SubStepDto } from '@adiuva/client';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useUser } from '../session/context';
import { hasEnded } from './status';
import { Throttle } from './throttle';

const REFRESH_MS = 1_000;

/** A run and its steps, which follow the events of the server until the run has ended. */
export function useRun(id: string): { run: UseQueryResult<RunDto>; steps: UseQueryResult<StepDto[]> } {
  const { client } = useUser();
  const cache = useQueryClient();
  const run = useQuery({ queryKey: ['runs', id], queryFn: () => client.runs.get(id) });
  const steps = useQuery({ queryKey: ['runs', id, 'steps'], queryFn: () => client.runs.steps(id) });
  const isLive = run.data !== undefined && !hasEnded(run.data.status);
  useEffect(() => {
    if (!isLive) return;
    const stop = new AbortController();
    // A run may have many events in a second, and requests are limited.
    const refresh = new Throttle(() => void cache.invalidateQueries({ queryKey: ['runs', id] }), REFRESH_MS);
    const follow = async (): Promise<void> => {
      for await (const _ of client.runs.events(id, 0, stop.signal)) refresh.run();
      await cache.invalidateQueries({ queryKey: ['runs'] });
    };
    // Leaving the screen ends it; a lost connection shows with the next request.
    follow().catch(() => undefined);
    return () => {
      refresh.stop();
      stop.abort();
    };
  }, [client, cache, id, isLive]);
  return { run, steps };
}

/** The nodes of a DAG as they are executed. */
export function useExecution(run: RunDto): UseQueryResult<SubStepDto[]> {
  const { client } = useUser();
  return useQuery({
    queryKey: ['runs', run.id, 'sub-steps'],
    enabled: run.kind === 'dag',
    queryFn: () => client.dags.subSteps(run.id),
  });
}
