import type { Database } from '@adiuva/platform';

/** Tables of every schema with a row whose text has one of the markers. */
export async function markerRows(database: Database, markers: readonly string[]): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('public', 'graphile_worker') AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.query(
      `SELECT FROM ${name} AS t WHERE EXISTS (SELECT FROM unnest($1::text[]) AS m WHERE t::text LIKE '%' || m || '%' OR t::text LIKE '%' || encode(m::bytea, 'hex') || '%') LIMIT 1`,
      [markers],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
