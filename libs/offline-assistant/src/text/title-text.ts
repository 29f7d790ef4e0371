import type { MaskedText } from './masked-text';

const MAX_TITLE = 200;
const NO_TITLE = /^(?:you|me|us|it|him|her|them|dich|mich|uns|te|moi|toi|ti|mí)$/i;
const FRONT =
  /^(?:to|fur|that|about|of|for|saying|zu|dass|daran|an|uber|di|che|de|d'|que|qu'|à|a|ad|per|pour|para|with|is|are|ist|sind|est|es|sono|sont|son|by|am|und|and|con|mit|ich|wir)$/;
const BACK =
  /^(?:to|that|and|with|due|on|at|by|for|in|of|until|before|from|is|as|an?|the|my|under|und|bis|am|um|mit|auf|im|zu|für|fur|an|der|die|das|dem|den|ein|eine|per|con|e|ed|di|il|la|lo|le|un|una|del|al|nel|entro|pour|avec|et|de|du|des|d'|à|a|au|en|dans|para|y|el|los|las|which|it|it's|be|should|has|also|then|assign|assigned|deadline|priority|status|called|named|titled|make|project|sur|sul|sia|sein|soll|muss|mussen|sollte|werden)$/;

/** The text of some tokens without connecting words, courtesy and marks at its ends. */
export function trimmed(
  masked: MaskedText,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  let start = from;
  let end = to;
  for (let round = 0; round < 12; round += 1) {
    start = masked.firstFree(start);
    const token = masked.tokens[start];
    if (!token || start >= end) break;
    const filler = fillers.at(masked.tokens, start);
    if (token.kind === 'mark' && !/^[(#+$€@]$/.test(token.text)) start += 1;
    else if (token.kind === 'break') start += 1;
    else if (FRONT.test(token.word)) start += 1;
    else if (masked.lexicon.verbs.at(masked.tokens, start)?.value === 'need')
      start = masked.lexicon.verbs.at(masked.tokens, start)?.end ?? start + 1;
    else if (
      filler &&
      !isNamed(masked, start) &&
      masked.word(start - 1) !== ':' &&
      filler.end < end &&
      !masked.lexicon.set(masked.lexicon.data.chores).at(masked.tokens, start)
    )
      start = filler.end;
    else break;
  }
  for (let round = 0; round < 16 && end > start; round += 1) {
    const token = masked.tokens[end - 1];
    if (!token) break;
    const filler = lastFiller(masked, start, end);
    if (!masked.isFree(end - 1)) end -= 1;
    else if (
      token.text === ')' &&
      !masked.tokens.slice(start, end).some(({ text }, at) => text === '(' && masked.isFree(start + at))
    )
      end -= 1;
    else if ((token.kind === 'mark' && !/^[)%€$'"+]$/.test(token.text)) || token.kind === 'break') end -= 1;
    else if (filler !== undefined) end = filler;
    else if (token.kind === 'word' && BACK.test(token.word)) end -= 1;
    else break;
  }
  return { start, end };
}

/** "a milestone First gig": a capital inside a sentence begins a name. */
function isNamed({ tokens, lexicon }: MaskedText, at: number): boolean {
  const before = tokens[at - 1];
  return lexicon.data.language !== 'de' && before?.kind === 'word' && /^\p{Lu}\p{Ll}{2}/u.test(tokens[at]?.text ?? '');
}

function lastFiller(masked: MaskedText, start: number, end: number): number | undefined {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  for (let length = 5; length > 0; length -= 1) {
    const at = end - length;
    if (at > start && fillers.at(masked.tokens, at)?.end === end && masked.areFree(at, end)) return at;
  }
  return undefined;
}

/** A title out of what no slot took: one line, a capital first letter, at most 200 characters. */
export function titleOf(masked: MaskedText, from = 0, to = masked.tokens.length): string | undefined {
  const { start, end } = trimmed(masked, from, to);
  if (masked.lexicon.set(masked.lexicon.data.fillers).covers(masked.tokens, start, end)) return undefined;
  const text = withoutZu(tidy(masked.remaining(start, end)), masked);
  return text === '' || NO_TITLE.test(text) ? undefined : capital(shorten(text, MAX_TITLE));
}

const SEPARABLE =
  /(?<=^|\s)(hinzu|dazu|zurück|zusammen|vorbei|weiter|wieder|heraus|herunter|hinaus|hinein|rüber|runter|durch|nach|fest|fertig|frei|hoch|bereit|teil|statt|raus|rein|rauf|nieder|auf|aus|ein|vor|mit|weg|her|los|bei|um|an|ab|zu|hin(?!zu(?:fügen|ziehen|kommen|nehmen|rechnen|zählen)))zu(?=\p{Ll}{2,}n$)/u;

/** "[daran,] beim Arzt anzurufen", "die Miete zu überweisen": a title has the plain infinitive. */
function withoutZu(text: string, { lexicon }: MaskedText): string {
  if (lexicon.data.language !== 'de' || /,|(?<!\p{L})(?:um|ohne)\s/iu.test(text)) return text;
  return text
    .split(/(\sund\s)/)
    .map((part) => part.replace(SEPARABLE, '$1').replace(/(?<=\s)zu (?=\p{Ll}{3,}n$)/u, ''))
    .join('');
}

/** Marks that stood around what was extracted are gone. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\(\s*[,;]*\s*\)|\[\s*\]/g, '')
    .replace(/[,;]\s*\)/g, ')')
    .replace(/\s+([,;:.!?])/g, '$1')
    .replace(/([,;:.])(?:\s*[,;:.])+/g, '$1')
    .replace(/^[\s,;:.!?–—-]+|[\s,;:–—-]+$/g, '')
    .replace(/(?<!\.)\.$/, '')
    .replace(/\(([^()]*)$/, (whole, inner: string) => (inner.trim() === '' ? '' : whole))
    .trim();
}

export function capital(text: string): string {
  return /^\p{Ll}\p{Lu}/u.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** At most so many characters, cut between words where there is a space near. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > max / 2 ? cut.slice(0, space) : cut).replace(/\p{Cs}/gu, '').trimEnd()}…`;
}
