import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LocalRecords, SyncStatus } from './local-records';
import type { Row } from './row';

export const RecordsContext = createContext<LocalRecords | undefined>(undefined);

export function useRecords(): LocalRecords {
  const records = useContext(RecordsContext);
  if (!records) throw new Error('There are no records around this component');
  return records;
}

export function useRows(table: string): readonly Row[] {
  const records = useRecords();
  return useSyncExternalStore(records.subscribe, () => records.rows(table));
}

export function useSyncStatus(): SyncStatus {
  const records = useRecords();
  return useSyncExternalStore(records.subscribe, records.syncStatus);
}
