import type { PageRequest } from '@adiuva/kernel';
import { prefixQuery } from './search-terms';

export const SORTS = ['rating', 'installs', 'newest'] as const;
export type Sort = (typeof SORTS)[number];

export interface CatalogueFilter {
  readonly category?: string;
  /** Words to search for; without `sort` the best match comes first. */
  readonly q?: string;
  readonly sort?: Sort;
}

export interface CatalogueQuery {
  readonly items: string;
  readonly itemValues: readonly unknown[];
  readonly count: string;
  readonly countValues: readonly unknown[];
}

const COLUMNS = 'id, name, description, version, author, permissions, category, price_cents AS "priceCents"';

const ORDERS: Readonly<Record<Sort, string>> = {
  rating: 'rating_average DESC, rating_count DESC, id DESC',
  installs: 'install_count DESC, id DESC',
  newest: 'published_at DESC, id DESC',
};

/** What is not searched is not counted either: a trigger keeps the totals, under the empty category that of all. */
const COUNTER = 'SELECT listed AS total FROM plugin_counts WHERE category = lower($1)';

/** The statements of one page of the catalogue; null when nothing can match. */
export function catalogueQuery(filter: CatalogueFilter, { page, limit }: PageRequest): CatalogueQuery | null {
  const conditions = ["state = 'listed'"];
  const values: unknown[] = [];
  if (filter.category !== undefined) conditions.push(`lower(category) = lower($${values.push(filter.category)})`);
  let order = ORDERS[filter.sort ?? 'rating'];
  if (filter.q !== undefined) {
    const prefixes = prefixQuery(filter.q);
    if (prefixes === null) return null;
    const query = `(to_tsquery('simple', $${values.push(prefixes)}) || plainto_tsquery('english', $${values.push(filter.q)}))`;
    conditions.push(`search @@ ${query}`);
    if (filter.sort === undefined) order = `ts_rank(search, ${query}) DESC, ${ORDERS.installs}`;
  }
  const where = `FROM plugins WHERE ${conditions.join(' AND ')}`;
  return {
    items: `SELECT ${COLUMNS} ${where} ORDER BY ${order} LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    itemValues: [...values, limit, (page - 1) * limit],
    ...(filter.q === undefined
      ? { count: COUNTER, countValues: [filter.category ?? ''] }
      : { count: `SELECT count(*)::int AS total ${where}`, countValues: values }),
  };
}
