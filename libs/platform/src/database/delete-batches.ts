import type { Database } from './database.service';

/** Rows of one statement: what refers to them is deleted too, and no statement may last longer than 15 s. */
const BATCH = 500;

/** What is deleted from a table with a column `id`. Both texts are constants. */
export interface Deletion {
  readonly table: string;
  readonly condition: string;
  readonly parameters?: readonly unknown[];
}

/** Deletes in statements of a bounded size, so that no backlog is too large for the time limit of a statement. */
export async function deleteBatches(database: Database, deletion: Deletion, signal: AbortSignal): Promise<void> {
  const { table, condition, parameters = [] } = deletion;
  // The condition twice, because a row may change between the two looks at it.
  const sql = `WITH gone AS (
      DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${condition} LIMIT ${BATCH}) AND ${condition} RETURNING 1
    ) SELECT count(*)::int AS count FROM gone`;
  for (let count = BATCH; count === BATCH && !signal.aborted;)
    count = (await database.query<{ count: number }>(sql, parameters))[0]?.count ?? 0;
}
