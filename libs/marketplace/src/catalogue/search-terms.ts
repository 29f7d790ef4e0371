const MAX_TERMS = 16;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * A query for PostgreSQL's `to_tsquery('simple', …)`: every word that was typed, the beginning of a word being enough. Null when
 * nothing that could be searched for was typed. Made of letters and digits only, so it cannot be malformed.
 */
export function prefixQuery(typed: string): string | null {
  const words = typed.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return words.length === 0
    ? null
    : words
        .slice(0, MAX_TERMS)
        .map((word) => `${word}:*`)
        .join(' & ');
}
