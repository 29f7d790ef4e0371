import type { Phrases } from '../lexicon/lexicon';
import type { MaskedText } from '../text/masked-text';
import { capital, shorten, tidy, titleOf, trimmed } from '../text/title-text';

type Label = 'title' | 'description' | 'content' | 'saying' | 'about';

interface LabelHit {
  readonly label: Label;
  readonly start: number;
  readonly end: number;
  readonly colon: boolean;
}

/** "title: … description: …": the text behind a label up to the next label, word for word. */
export function labelledText(
  masked: MaskedText,
  label: Label,
  next: readonly Label[] = ['title', 'description', 'content'],
): string | undefined {
  const hits = next.includes(label) ? labelsIn(masked, next) : labelsIn(masked, [...next, label]);
  const index = hits.findIndex((hit) => hit.label === label && masked.areFree(hit.start, hit.end));
  const hit = hits[index];
  if (!hit) return undefined;
  const quote = masked.tokens[hit.end]?.kind === 'quote' ? hit.end : undefined;
  const following = [...hits.slice(index + 1), ...fieldLabels(masked)]
    .filter(({ start }) => start >= hit.end)
    .sort((one, other) => one.start - other.start)[0];
  const taken = masked.tokens.findIndex((_, at) => at >= hit.end && !masked.isFree(at) && label === 'about');
  const stop = Math.min(following?.start ?? masked.tokens.length, taken < 0 ? masked.tokens.length : taken);
  const end = quote === undefined ? lastFree(masked, hit.end, stop) : quote + 1;
  const text =
    quote === undefined
      ? bounded(masked, hit.end, end, label)
      : { text: masked.tokens[quote]?.text ?? '', end: quote + 1 };
  if (text.text === '') return undefined;
  masked.extract(hit.start, text.end);
  return text.text;
}

/** "priority:", "due:", "assignee:" end the text of the label before them. */
function fieldLabels(masked: MaskedText): { start: number }[] {
  const { data } = masked.lexicon;
  return [
    data.priorityNouns,
    data.statusNouns,
    data.assignTo,
    data.dates.lead,
    data.due,
    data.entities.project.one,
  ].flatMap((phrases) =>
    masked.lexicon
      .set(phrases)
      .all(masked.tokens)
      .filter(({ end }) => masked.word(end) === ':')
      .map(({ start }) => ({ start })),
  );
}

/** Without what was extracted at the end: a verb that stands last. */
function lastFree(masked: MaskedText, start: number, end: number): number {
  let last = end;
  while (last > start && !masked.isFree(last - 1)) last -= 1;
  return last;
}

function bounded(masked: MaskedText, start: number, end: number, label: Label): { text: string; end: number } {
  if (label !== 'title') return { text: tidyEnd(masked.slice(start, end), masked, start, end), end };
  const stop = masked.tokens.findIndex(
    ({ kind, text }, at) =>
      at > start && at < end && (kind === 'break' || (kind === 'mark' && /^[,;.?:]$/.test(text)) || !masked.isFree(at)),
  );
  const last = stop < 0 ? end : stop;
  const cut = trimmed(masked, start, last);
  return { text: tidy(masked.slice(cut.start, cut.end)), end: last };
}

/** A text keeps its inner marks; only what leads to the next label and the last full stop go. */
function tidyEnd(text: string, masked: MaskedText, start: number, end: number): string {
  const and = masked.lexicon.set(masked.lexicon.data.and).at(masked.tokens, end - 1);
  const whole = and && end < masked.tokens.length ? masked.slice(start, end - 1) : text;
  return whole
    .replace(/^[\s:=>→⇒-]+/, '')
    .replace(/[\s,;]+$/, '')
    .replace(/(?<=\p{L}[^.!?]*)\.$/u, '')
    .trim();
}

function labelsIn(masked: MaskedText, labels: readonly Label[]): LabelHit[] {
  const found = labels.flatMap((label) =>
    masked.lexicon
      .set(masked.lexicon.data.labels[label])
      .all(masked.tokens)
      .map(({ start, end }) => {
        const copula = /^(?:is|be|reads?|ist|lautet|e|est|es|sia|sera|soit|sea|should)$/.test(masked.word(end))
          ? end + 1
          : end;
        const next = masked.word(copula) === 'be' || masked.word(copula) === 'read' ? copula + 1 : copula;
        const colon = /^[:=]$/.test(masked.word(next));
        if (!colon && masked.tokens[next]?.kind !== 'quote') return { label, start, end, colon };
        return { label, start, end: colon ? next + 1 : next, colon };
      }),
  );
  // "una nota titolo X testo Y"
  const apart = (hit: LabelHit): boolean =>
    isBehindNoun(masked, hit.start) ||
    (hit.start > 0 && /^[,;]$/.test(masked.word(hit.start - 1)) && hit.end - hit.start === 1);
  const titled = found.some((hit) => hit.label === 'title' && apart(hit));
  const plain = (hit: LabelHit): boolean =>
    (hit.label === 'title' && apart(hit)) || (hit.label === 'content' && titled && hit.start > 2);
  return found
    .filter((hit) => isLabel(masked, hit) || plain(hit))
    .sort((one, other) => one.start - other.start || other.end - one.end);
}

function isBehindNoun(masked: MaskedText, at: number): boolean {
  return masked.lexicon.nouns.all(masked.tokens, 0, at).some(({ end, value }) => end === at && value.type === 'note');
}

/** "text" and "name" are labels only with a colon, a quote, or in a phrase such as "with the text". */
function isLabel(masked: MaskedText, { label, start, end, colon }: LabelHit): boolean {
  if (masked.tokens[end] === undefined) return false;
  const phrase = masked.slice(start, colon ? end - 1 : end);
  const single = masked.tokens.slice(start, colon ? end - 1 : end).length === 1;
  if (colon || masked.tokens[end]?.kind === 'quote' || !single || label === 'saying' || label === 'about') return true;
  return (
    label === 'title' &&
    /^(?:called|named|titled|entitled|namens|chiamat[oa]|intitolat[oa]|nommée?s?|appelée?s?|intitulée?s?|llamad[oa]|titulad[oa]|betitelt|genannt|chiamal[oa]|ll[aá]mal[oa])$/i.test(
      phrase,
    ) &&
    start > 0
  );
}

/**
 * What is written into a note, a comment or an e-mail, word for word: labelled, behind a colon, quoted, or behind
 * "that".
 */
export function extractContent(masked: MaskedText, from: number): string | undefined {
  const labelled = labelledText(masked, 'content') ?? labelledText(masked, 'saying', ['title', 'content']);
  if (labelled !== undefined) return labelled;
  const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && at >= from && masked.isFree(at));
  const quote = masked.quote(from);
  if (quote !== undefined && (colon < 0 || quote === colon + 1) && quote >= masked.tokens.length - 3)
    return taken(masked, quote, quote + 1);
  if (colon >= 0) return taken(masked, colon + 1, masked.tokens.length, colon);
  return quote === undefined ? undefined : taken(masked, quote, quote + 1);
}

/** Extracts the tokens as they were written; a single quote without its marks. */
export function taken(masked: MaskedText, start: number, to: number, from = start): string | undefined {
  const end = lastFree(masked, start, to);
  const only = end - start === 1 ? masked.tokens[start] : undefined;
  const text = only?.kind === 'quote' ? only.text : tidyEnd(masked.slice(start, end), masked, start, end);
  masked.extract(from, end);
  return text === '' ? undefined : text;
}

/** The name of something new: labelled or quoted, else what is left of the sentence. */
export function extractTitle(masked: MaskedText, from: number): string | undefined {
  const labelled = labelledText(masked, 'title');
  if (labelled !== undefined && labelled !== '') return capital(shorten(labelled.replace(/\s+/g, ' '), 200));
  const quote = masked.quote();
  if (quote !== undefined) {
    const text = masked.tokens[quote]?.text ?? '';
    masked.extract(quote, quote + 1);
    return shorten(text.replace(/\s+/g, ' '), 200);
  }
  return titleOf(masked, from);
}

/** "in it", "dazu": extracted where it stands at the edge of a clause or of what was extracted, not inside a title. */
export function extractPlace(masked: MaskedText): boolean {
  for (const { start, end } of masked.lexicon.set(masked.lexicon.data.samePlace).all(masked.tokens)) {
    const open = (at: number): boolean => masked.tokens[at]?.kind !== 'word' || !masked.isFree(at);
    if (!masked.areFree(start, end) || (end - start < 2 && !open(start - 1) && !open(end))) continue;
    masked.extract(start, end);
    return true;
  }
  return false;
}

/** ", bitte, …": what stands between marks and says nothing. */
export function dropFillers(masked: MaskedText): void {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  for (let at = 1; at < masked.tokens.length; at += 1) {
    if (masked.tokens[at - 1]?.text !== ',') continue;
    let end = at;
    while (fillers.at(masked.tokens, end)) end = fillers.at(masked.tokens, end)?.end ?? end + 1;
    const closes = masked.tokens[end] === undefined || masked.tokens[end]?.kind === 'mark' || !masked.isFree(end);
    if (end > at && closes) masked.extract(at - 1, end);
  }
}

/** Removes every phrase of a set from what is left. */
export function extractAll(masked: MaskedText, phrases: Phrases): void {
  for (const { start, end } of masked.lexicon.set(phrases).all(masked.tokens))
    if (masked.areFree(start, end)) masked.extract(start, end);
}
