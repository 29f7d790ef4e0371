import { COMPILED, type CompiledLexicon } from './compiled-lexicon';
import type { Language } from '../lexicon/lexicon';
import { tokenize, type Token } from './tokens';

const MAX_TOKENS = 60;

/**
 * The languages that a text may be in, likeliest first: each is scored by its frequent words and its command words.
 * `preferred` (the user's locale) decides between equals.
 */
export function languagesOf(
  tokens: readonly Token[],
  preferred: Language,
  before: readonly string[] = [],
): CompiledLexicon[] {
  const seen = tokens.slice(0, MAX_TOKENS).filter((token) => token.kind === 'word');
  const spoken = languageBefore(before);
  const scored = COMPILED.map((lexicon) => {
    const score = seen.reduce(
      (sum, { word }) =>
        sum +
        (lexicon.frequent.has(word) ? 1 : 0) +
        (lexicon.known.has(word) ? 0.6 : 0) +
        (word.length > 3 && lexicon.calendar.has(word) ? 0.7 : 0),
      0,
    );
    const { language } = lexicon.data;
    return { lexicon, score: score + (language === preferred ? 1.2 : 0) + (language === spoken ? 1.4 : 0) };
  });
  scored.sort((one, other) => other.score - one.score);
  return scored.filter(({ score }, rank) => rank === 0 || score > 0).map(({ lexicon }) => lexicon);
}

const MAX_BEFORE = 300;

/** The language of the user's last message and the answer to it, where it is clear: a short message may have none of its own. */
function languageBefore(texts: readonly string[]): Language | undefined {
  if (texts.length === 0) return undefined;
  const words = texts.flatMap((text) => tokenize(text.slice(0, MAX_BEFORE))).map(({ word }) => word);
  const scored = COMPILED.map(({ data, frequent, known }) => ({
    language: data.language,
    score: words.reduce((sum, word) => sum + (frequent.has(word) ? 1 : 0) + (known.has(word) ? 0.6 : 0), 0),
  })).sort((one, other) => other.score - one.score);
  const [first, second] = scored;
  return first && first.score - (second?.score ?? 0) >= 1 ? first.language : undefined;
}
