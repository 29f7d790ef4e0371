import type { ClientRow } from './chat-context';

const MAX_ROWS = 100;
const PRIORITY_ORDER = ['high', 'medium', 'low'];

/** The rows whose members equal what is asked for; what is not asked for does not matter. */
export function filterByFields(rows: readonly ClientRow[], wanted: ClientRow, max = MAX_ROWS): ClientRow[] {
  const conditions = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return rows.filter((row) => conditions.every(([name, value]) => row[name] === value)).slice(0, max);
}

/** The rows that have every word of `text` somewhere in the named members. */
export function searchText(
  rows: readonly ClientRow[],
  text: string | undefined,
  members: readonly string[],
): readonly ClientRow[] {
  if (text === undefined) return rows;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => {
    const all = members
      .map((member) => textOf(row[member]))
      .join(' ')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Sorted by a member; priorities from high to low, what lacks the member last. */
export function sortBy(rows: readonly ClientRow[], by: string | undefined): readonly ClientRow[] {
  if (by === undefined) return rows;
  const rank = (row: ClientRow): string | number | undefined => {
    const value = row[by];
    if (by === 'priority') return PRIORITY_ORDER.indexOf(String(value));
    return typeof value === 'number' || typeof value === 'string' ? value : undefined;
  };
  return [...rows].sort((one, other) => compare(rank(one), rank(other)));
}

/** Whether two moments lie on the same day in a time zone. */
export function sameDay(one: Date, other: Date, timezone: string): boolean {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: timezone });
  return day.format(one) === day.format(other);
}

function compare(one: string | number | undefined, other: string | number | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other ? -1 : 1;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
