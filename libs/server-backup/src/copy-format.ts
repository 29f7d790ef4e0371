import { Problem } from '@adiuva/kernel';

/** A foreign key: rows of `from` refer to rows of `to`. Both are `schema.name`. */
export interface TableLink {
  readonly from: string;
  readonly to: string;
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** Makes the text of values the same whatever the defaults of a database are. */
export const SESSION = `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET DateStyle = 'ISO, MDY';
  SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'; SET client_encoding = 'UTF8';
  SET standard_conforming_strings = on`;

/**
 * Every table of ours with the columns that are written. The lists of applied migrations are made by the migrations themselves, and the index of
 * pgvector by `npm run reindex`.
 */
export const TABLES = `SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  WHERE c.relkind = 'r' AND n.nspname IN ('public', 'graphile_worker') AND c.relname NOT IN ('migrations', 'vector_index')
  GROUP BY 1, 2 ORDER BY 1, 2`;

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An order in which no table precedes one that it refers to; a table may refer to itself. */
export function inOrder<T extends Named>(tables: readonly T[], links: readonly TableLink[]): T[] {
  const ordered: T[] = [];
  const waiting = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]));
  while (waiting.size > 0) {
    const free = [...waiting].filter(
      ([name]) => !links.some(({ from, to }) => from === name && to !== name && waiting.has(to)),
    );
    if (free.length === 0) {
      const names = [...waiting.keys()].join(', ');
      throw new Problem('conflict', { detail: `Tables refer to each other in a circle: ${names}.` });
    }
    for (const [name, table] of free) {
      ordered.push(table);
      waiting.delete(name);
    }
  }
  return ordered;
}
