import type { Language } from '../lexicon/lexicon';
import type { ClauseFeatures } from './clause-features';

export const AUXILIARY =
  /^(?:is|are|has|have|been|got|was|i've|we've|'s|ist|sind|habe?|haben|hat|wurde|e|sono|ho|abbiamo|ha|hanno|est|sont|ai|a|avons|ont|ete|esta|estan|he|hemos|han|sido|j'ai)$/;

/** "The fence is painted", "le mur est repeint": a participle of the lexicon or not, at the end behind an auxiliary. */
export function isResult({ masked, lexicon }: ClauseFeatures, at: number): boolean {
  const { text = '' } = masked.tokens[at] ?? {};
  const last = masked.tokens.findLastIndex(({ kind }, index) => kind === 'word' && masked.isFree(index));
  // "à" is no "a".
  const auxiliary = [1, 2, 3].some(
    (back) => AUXILIARY.test(masked.word(at - back)) && !/[àáè]/i.test(masked.tokens[at - back]?.text ?? ''),
  );
  return at === last && auxiliary && SHAPES[lexicon.data.language].test(text) && !NO_RESULT.test(masked.word(at));
}

/** Participles as they are written; a capital makes a name. */
const SHAPES: Readonly<Record<Language, RegExp>> = {
  en: /^\p{Ll}{3,}(?:ed|wn|nt|ought)$/u,
  de: /^(?:\p{Ll}{0,4}ge\p{Ll}{3,}|(?:be|ver|er|ent|zer|über|unter)\p{Ll}{3,})(?:t|en)$/u,
  it: /^\p{Ll}{3,}(?:[aiu]t|tt|s|st)[oaie]$/u,
  fr: /^\p{Ll}{3,}(?:é|i|u|it|int|ert)e?s?$/u,
  es: /^\p{Ll}{3,}(?:ad|id|ch|st|rt)[oa]s?$/u,
};
const NO_RESULT =
  /^(?:cancell?ed|delayed|blocked|required|needed|planned|scheduled|forgotten|broken|urgent|expected|postponed|different|abgesagt|verschoben|geplant|vergessen|gesperrt|verloren|gefahrdet|verspatet|begonnen|gestartet|angefangen|ungeklart|geandert|annullat[oa]|rimandat[oa]|previst[oa]|bloccat[oa]|dimenticat[oa]|spostat[oa]|cominciat[oa]|iniziat[oa]|trist[ei]|annulee?|reportee?|prevue?|bloquee?|oubliee?|commencee?|prete|triste|vide|libre|difficile|facile|utile|cancelad[oa]|aplazad[oa]|previst[oa]|bloquead[oa]|olvidad[oa]|empezad[oa]|atrasad[oa]|pesad[oa]|cansad[oa])$/;
