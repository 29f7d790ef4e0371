import type { Phrases } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import type { Token } from '../text/tokens';

const ADVERB =
  /^(?:already|just|finally|now|schon|bereits|gerade|eben|endlich|jetzt|gia|appena|finalmente|ora|deja|enfin|ya|por|recien)$/;

/** "Ho già cominciato X": a phrase of what was done, also with an adverb behind its auxiliary. */
export function toldAt(
  lexicon: CompiledLexicon,
  phrases: Phrases,
  tokens: readonly Token[],
  at: number,
): { readonly start: number; readonly end: number } | undefined {
  const index = lexicon.set(phrases);
  const found = index.at(tokens, at);
  if (found || !ADVERB.test(tokens[at + 1]?.word ?? '')) return found;
  const without = index.at([...tokens.slice(at, at + 1), ...tokens.slice(at + 2, at + MAX_PHRASE)], 0);
  return without && without.end > 1 ? { start: at, end: at + without.end + 1 } : undefined;
}

const MAX_PHRASE = 12;
