import type { Tx } from './database.service';

/** The rows that an UPDATE or DELETE returns; TypeORM hands them over in a pair with their number. */
export async function returnedRows<R>(
  tx: Pick<Tx, 'query'>,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly R[]> {
  const [rows] = await tx.query<[R[], number]>(sql, [...parameters]);
  return rows;
}
