import type { Verb } from '../lexicon/lexicon';
import type { CompiledLexicon } from './compiled-lexicon';
import type { PhraseMatch } from './phrase-index';
import type { Token } from './tokens';

/** A verb, also with a pronoun written at its end ("spostala"). */
export function verbsAt(lexicon: CompiledLexicon, tokens: readonly Token[], at: number): readonly PhraseMatch<Verb>[] {
  const plain = lexicon.verbs.meaningsAt(tokens, at);
  if (plain.length > 0) return plain;
  const token = tokens[at];
  const stem = token?.kind === 'word' ? stemOf(lexicon, token.word) : undefined;
  if (!token || stem === undefined) return [];
  return lexicon.verbs.meaningsAt([{ ...token, word: stem }], 0).map((match) => ({ ...match, start: at, end: at + 1 }));
}

function stemOf(lexicon: CompiledLexicon, word: string): string | undefined {
  for (const ending of lexicon.data.enclitics.split('|')) {
    if (ending === '' || word.length < ending.length + 3 || !word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    for (const candidate of [stem, `${stem}e`]) if (lexicon.verbs.has(candidate)) return candidate;
  }
  return undefined;
}

export function hasEnclitic(lexicon: CompiledLexicon, word: string): boolean {
  if (lexicon.data.enclitics === '' || lexicon.verbs.has(word)) return false;
  const stem = stemOf(lexicon, word);
  return stem !== undefined && !/(?:mi|me|ci|nos|m[ei]lo)$/.test(word);
}
