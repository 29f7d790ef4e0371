import type { MaskedText } from '../text/masked-text';
import { isDated, isDeterminer, isEdge } from './name-tokens';

const MAX_PLACE = 6;
const ROOM =
  /^(?:room|office|cafe|restaurant|hotel|station|headquarters|hq|bar|school|clinic|hospital|zoom|teams|skype|meet|buro|ufficio|ristorante|raum|zimmer|salle|bureau|sala|oficina|aula|trattoria|pizzeria|restaurante|bistro|kantine|canteen|gym|palestra|turnhalle|gymnase|gimnasio|library|bibliothek|biblioteca|bibliotheque|kitchen|garden|garten|giardino|jardin|terrace|terrasse|terrazza|terraza|lobby|foyer|hall|halle|church|kirche|chiesa|eglise|iglesia|park|parco|parc|parque|museum|museo|musee|studio|keller|cellar|basement|roof|playground|clubhouse|clubhaus|club|warehouse|lager|magazzino|entrepot|almacen|workshop|werkstatt|atelier|officina|taller|centre|center|zentrum|centro|boathouse|bootshaus|reception|empfang|accueil|portal|plaza|place|piazza|platz)$/;
const ARTICLE = /^(?:the|der|dem|den|il|la|lo|le|el|los|las|al|l')$/;
const PEOPLE = /^(?:with|mit|con|avec|und|and|e|y|et|for|fur|per|pour|para|invite|invita)$/;

/** Where an event takes place: "location: X", "at the Blue Bar", ", salle des fêtes", "…, 1 December at 14:15, rue Lepic". */
export function extractLocation(masked: MaskedText, date: number | undefined): string | undefined {
  return (
    roomLabel(masked) ??
    labelled(masked) ??
    behindPreposition(masked, false) ??
    behindDate(masked, date) ??
    betweenMarks(masked)
  );
}

/** What a known event's new place is: any words behind a preposition that reach to a mark or the end. */
export function extractNewPlace(masked: MaskedText): string | undefined {
  return labelled(masked) ?? behindPreposition(masked, false) ?? behindPreposition(masked, true);
}

/** ", salle des fêtes", ", aula 2B": a label that is a room belongs to the place. */
function roomLabel(masked: MaskedText): string | undefined {
  const at = masked.tokens.findIndex(
    ({ word }, index) => index > 0 && ROOM.test(word) && masked.tokens[index - 1]?.text === ',' && masked.isFree(index),
  );
  if (at < 0 || masked.word(at + 1) === ':') return undefined;
  const end = stopOf(masked, at);
  masked.extract(at - 1, end);
  return masked.slice(at, end);
}

function labelled(masked: MaskedText): string | undefined {
  const label = masked.lexicon
    .set(masked.lexicon.data.labels.location)
    .all(masked.tokens)
    .find(
      ({ start, end }) =>
        masked.areFree(start, end) &&
        (masked.word(end) === ':' ||
          start === 0 ||
          masked.tokens[start - 1]?.kind === 'mark' ||
          !masked.isFree(start - 1)),
    );
  if (!label) return undefined;
  const from = masked.word(label.end) === ':' ? label.end + 1 : label.end;
  const end = stopOf(masked, from);
  if (end === from) return undefined;
  masked.extract(label.start, end);
  return quotedOr(masked, from, end);
}

/** Up to the next mark, or what another slot took. */
function stopOf(masked: MaskedText, from: number): number {
  let end = from;
  while (
    end < from + MAX_PLACE &&
    masked.isFree(end) &&
    masked.tokens[end]?.kind !== 'mark' &&
    masked.tokens[end]?.kind !== 'break'
  )
    end += 1;
  return end;
}

function quotedOr(masked: MaskedText, from: number, end: number): string {
  const only = end - from === 1 ? masked.tokens[from] : undefined;
  return only?.kind === 'quote' ? only.text : withoutArticle(masked.slice(from, end));
}

function withoutArticle(text: string): string {
  return text.replace(/^(?:the|der|dem|den|il|la|lo|le|el)\s+/i, '');
}

function behindPreposition(masked: MaskedText, any: boolean): string | undefined {
  for (const { start, end } of masked.lexicon.set(masked.lexicon.data.place).all(masked.tokens)) {
    if (!masked.areFree(start, end) || masked.tokens[end]?.kind === 'number' || isVisit(masked, start)) continue;
    const last = any ? stopOf(masked, end) : knownEnd(masked, end);
    const closes = masked.tokens[last]?.kind !== 'word' || !masked.isFree(last);
    if (last === end || (any && (!closes || isDated(masked, end)))) continue;
    masked.extract(start, last);
    return withoutArticle(masked.slice(end, last));
  }
  return undefined;
}

/** "Termin beim Hautarzt", "appuntamento da Rossi": whom one goes to says what it is. */
function isVisit({ tokens, lexicon }: MaskedText, at: number): boolean {
  return (
    /^(?:bei|beim|da|dal|dalla|dallo|chez)$/.test(tokens[at]?.word ?? '') &&
    lexicon.nouns.all(tokens, Math.max(0, at - 2), at).some(({ value, end }) => value.type === 'event' && end === at)
  );
}

/** Behind words with capitals, numbers and words for rooms, of which at least one is no number. */
function knownEnd(masked: MaskedText, from: number): number {
  let last = from;
  let sure = false;
  while (last < from + MAX_PLACE && masked.isFree(last) && masked.tokens[last]?.kind !== 'mark') {
    const token = masked.tokens[last];
    const event = masked.lexicon.wordsOf(masked.lexicon.data.eventWords).has(token?.word ?? '');
    const known = token !== undefined && !event && (/^\p{Lu}/u.test(token.text) || ROOM.test(token.word));
    if (!token || !(known || token.kind === 'number' || ARTICLE.test(token.word) || (sure && isLink(token.word))))
      break;
    sure = sure || known;
    last += 1;
    // "sala azul": what kind of room it is.
    const kind = ROOM.test(token.word) && /^(?:it|fr|es)$/.test(masked.lexicon.data.language) && masked.isFree(last);
    if (kind && masked.tokens[last]?.kind === 'word' && masked.word(last).length > 2 && isEdge(masked, last + 1))
      last += 1;
  }
  while (last > from && sure && isLink(masked.word(last - 1))) last -= 1;
  return sure ? last : from;
}

function isLink(word: string): boolean {
  return /^(?:of|des|de|du|della|delle|dei|del|di|von|vom|des|d')$/.test(word);
}

/** What follows the date behind a comma, but for people. */
function behindDate(masked: MaskedText, date: number | undefined): string | undefined {
  if (date === undefined || masked.word(date) !== ',') return undefined;
  const first = date + 1;
  if (!masked.isFree(first) || masked.tokens[first]?.kind !== 'word' || PEOPLE.test(masked.word(first)))
    return undefined;
  const { title, description, content } = masked.lexicon.data.labels;
  if ([title, description, content].some((one) => masked.lexicon.set(one).at(masked.tokens, first))) return undefined;
  const end = stopOf(masked, first);
  const closes = masked.tokens[end] === undefined || masked.tokens[end]?.kind === 'mark';
  const known = masked.tokens.slice(first, end).some(({ text }) => /^\p{Lu}|^\d/u.test(text));
  if (!closes || !known) return undefined;
  masked.extract(date, end);
  return masked.slice(first, end);
}

/** ", en la terraza": a room or a preposition of place behind a comma, up to the next mark. */
function betweenMarks(masked: MaskedText): string | undefined {
  const places = masked.lexicon.set(masked.lexicon.data.place);
  for (let at = 1; at < masked.tokens.length; at += 1) {
    if (masked.tokens[at - 1]?.text !== ',' || !masked.isFree(at)) continue;
    const led = places.at(masked.tokens, at);
    let from = led?.end ?? at;
    while (isDeterminer(masked, from)) from += 1;
    const room = ROOM.test(masked.word(from)) || isAddress(masked, from);
    const end = stopOf(masked, from);
    const closes = masked.tokens[end] === undefined || masked.tokens[end]?.kind === 'mark' || !masked.isFree(end);
    if (!(led || room) || !closes || end === from || (led && isDated(masked, from))) continue;
    masked.extract(at - 1, end);
    return masked.slice(room && led === undefined ? at : from, end);
  }
  return undefined;
}

/** "Kirchgasse 4", "via Roma 3", "12 rue Lepic": a name and a number. */
function isAddress(masked: MaskedText, at: number): boolean {
  const end = stopOf(masked, at);
  const parts = masked.tokens.slice(at, end);
  return (
    parts.length <= 5 &&
    parts.some(({ kind, text }) => kind === 'number' && /^\d{1,4}\w?\.?$/.test(text)) &&
    parts.some(({ text }) => /^\p{Lu}/u.test(text)) &&
    !isDated(masked, at)
  );
}
