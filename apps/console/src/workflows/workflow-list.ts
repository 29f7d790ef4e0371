import type { DagDto } from '@adiuva/client';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useUser } from '../session/context';

/** The newest hundred workflows, which the API calls DAGs. */
export function useWorkflows(): UseQueryResult<DagDto[]> {
  const { client } = useUser();
  return useQuery({ queryKey: ['workflows'], queryFn: () => client.dags.list({ limit: 100 }) });
}
