import type { MaskedText } from '../text/masked-text';
import { dateWordsOf } from './date-words';

export function isEdge(masked: MaskedText, at: number): boolean {
  const token = masked.tokens[at];
  return token === undefined || token.kind !== 'word' || !masked.isFree(at);
}

/** The first token of "in the" in front of `at`. */
export function linkStart(masked: MaskedText, at: number): number {
  let from = at;
  while (from > 0 && at - from < 3 && masked.isFree(from - 1) && isDeterminer(masked, from - 1)) from -= 1;
  return from > 0 && masked.isFree(from - 1) && isPreposition(masked, from - 1) ? from - 1 : from;
}

export function isPreposition(masked: MaskedText, at: number): boolean {
  return at >= 0 && masked.lexicon.set(masked.lexicon.data.prepositions).at(masked.tokens, at) !== undefined;
}

export function isDeterminer(masked: MaskedText, at: number): boolean {
  return at >= 0 && masked.lexicon.set(masked.lexicon.data.determiners).at(masked.tokens, at) !== undefined;
}

export function isDated(masked: MaskedText, at: number): boolean {
  const words = dateWordsOf(masked.lexicon);
  return (
    words.weekdays.at(masked.tokens, at) !== undefined ||
    words.months.at(masked.tokens, at) !== undefined ||
    words.days.at(masked.tokens, at) !== undefined
  );
}

const NO_NAME =
  /^(?:I|The|A|We|You|He|She|They|It|Ich|Wir|Du|Sie|Er|Es|Man|Io|Noi|Tu|Lui|Lei|Je|Nous|Vous|On|Il|Elle|Yo|Nosotros|Usted|El|La|Le|Der|Die|Das|Un|Una|Une|Ein|Eine|This|That)$/;

export function isCapital(masked: MaskedText, at: number): boolean {
  const token = masked.tokens[at];
  return (
    token?.kind === 'word' &&
    /^\p{Lu}/u.test(token.text) &&
    !NO_NAME.test(token.text) &&
    !(masked.lexicon.data.language === 'de' && masked.lexicon.nouns.at(masked.tokens, at) !== undefined)
  );
}

export function isStop(masked: MaskedText, at: number): boolean {
  const word = masked.word(at);
  const { frequent, nouns } = masked.lexicon;
  return (
    (frequent.has(word) && word !== 'me') ||
    nouns.at(masked.tokens, at) !== undefined ||
    isDated(masked, at) ||
    isDeterminer(masked, at) ||
    isPreposition(masked, at)
  );
}

export const MAX_NAME = 5;

/** Behind a name that begins at `at`: a quote, words with capitals and numbers, else one word. */
export function nameEnd(masked: MaskedText, at: number): number {
  const first = masked.tokens[at];
  if (!first || !masked.isFree(at)) return at;
  if (first.kind === 'quote') return at + 1;
  let end = at;
  while (
    end < at + MAX_NAME &&
    masked.isFree(end) &&
    ((isCapital(masked, end) && !isDated(masked, end)) ||
      (end > at && masked.tokens[end]?.kind === 'number' && isEdge(masked, end + 1)))
  )
    end += 1;
  if (end > at) return end;
  const single =
    first.kind === 'word' && !isStop(masked, at) && masked.lexicon.verbs.at(masked.tokens, at) === undefined;
  return single ? at + 1 : at;
}

export function nameStart(masked: MaskedText, end: number, person = false): number {
  let at = end;
  while (
    at > 0 &&
    end - at < MAX_NAME &&
    masked.isFree(at - 1) &&
    isCapital(masked, at - 1) &&
    !isDated(masked, at - 1)
  )
    at -= 1;
  if (at === end && !person && end > 0 && masked.tokens[end - 1]?.kind === 'quote') return end - 1;
  const first = masked.tokens[at];
  // The first word of a sentence has a capital whether it is a name or not.
  if (!person && at === 0 && end > 1 && first && masked.lexicon.known.has(first.word)) return at + 1;
  if (at < end || person) return at;
  return end > 1 &&
    masked.isFree(end - 1) &&
    masked.tokens[end - 1]?.kind === 'word' &&
    !isStop(masked, end - 1) &&
    masked.lexicon.verbs.at(masked.tokens, end - 1) === undefined
    ? end - 1
    : end;
}
