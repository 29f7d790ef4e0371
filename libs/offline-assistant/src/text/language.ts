import { COMPILED, type CompiledLexicon } from './compiled-lexicon';
import type { Language } from '../lexicon/lexicon';
import type { Token } from './tokens';

const MAX_TOKENS = 60;

/**
 * The languages that a text may be in, likeliest first: each is scored by its frequent words and its command words.
 * `preferred` (the user's locale) decides between equals.
 */
export function languagesOf(tokens: readonly Token[], preferred: Language): CompiledLexicon[] {
  const seen = tokens.slice(0, MAX_TOKENS).filter((token) => token.kind === 'word');
  const scored = COMPILED.map((lexicon) => {
    const score = seen.reduce(
      (sum, { word }) =>
        sum +
        (lexicon.frequent.has(word) ? 1 : 0) +
        (lexicon.known.has(word) ? 0.6 : 0) +
        (word.length > 3 && lexicon.calendar.has(word) ? 0.7 : 0),
      0,
    );
    return { lexicon, score: score + (lexicon.data.language === preferred ? 1.2 : 0) };
  });
  scored.sort((one, other) => other.score - one.score);
  return scored.filter(({ score }, rank) => rank === 0 || score > 0).map(({ lexicon }) => lexicon);
}
