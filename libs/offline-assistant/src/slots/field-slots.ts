import type { MaskedText } from '../text/masked-text';
import { amountAt } from './date-atoms';
import { dateWordsOf } from './date-words';

export type Priority = 'high' | 'medium' | 'low';
export type Status = 'todo' | 'in_progress' | 'done';

const LEVELS: readonly Priority[] = ['high', 'medium', 'low'];
const STATES: readonly Status[] = ['in_progress', 'todo', 'done'];
const FILLING =
  /^(?:with|at|as|of|in|to|is|a|an|the|very|it's|its|and|mit|con|auf|ist|eine?r?|der|die|la|le|el|una?|avec|en|de|di|ad|su|come|comme|como|from|=|:|-|,|\(|au|à|sur|it|be|should|really|super|quite|sehr|molto|tres|muy|e|est|es|:)$/;

/**
 * A level beside a noun ("high priority", "prio: low"), a word that means one by itself ("urgent", "no rush"), or, in
 * a change, a bare level behind "to". Words that hang on it ("with a … priority") are extracted with it.
 */
export function extractPriority(masked: MaskedText, changing: boolean): Priority | undefined {
  const level = nextPriority(masked, changing);
  // "no rush, low priority" says it twice.
  for (let round = 0; round < 2 && level !== undefined; round += 1)
    if (nextPriority(masked, changing) === undefined) break;
  return level;
}

function nextPriority(masked: MaskedText, changing: boolean): Priority | undefined {
  const { data } = masked.lexicon;
  const nouns = masked.lexicon.set(data.priorityNouns);
  for (const level of ['low', 'high'] as const) {
    const words = masked.lexicon.set(level === 'low' ? data.relaxed : data.urgent);
    for (const found of words.all(masked.tokens)) {
      if (
        !masked.areFree(found.start, found.end) ||
        !(changing || found.end - found.start > 1 || isAside(masked, found.start, found.end))
      )
        continue;
      take(masked, found.start, nouns.at(masked.tokens, found.end)?.end ?? found.end);
      return level === 'high' && isDenied(masked, found.start) ? 'low' : level;
    }
  }
  for (const level of LEVELS) {
    for (const found of masked.lexicon.set(data.priorities[level]).all(masked.tokens)) {
      if (!masked.areFree(found.start, found.end)) continue;
      const noun = nouns.at(masked.tokens, found.end);
      const before = nounBefore(masked, found.start);
      const alone = isBetweenMarks(masked, found.start, found.end);
      if (!noun && before === undefined && !alone && !(changing && isNewValue(masked, found.start, found.end)))
        continue;
      take(masked, before ?? found.start, noun?.end ?? found.end);
      return level;
    }
  }
  return undefined;
}

/** "…, due Friday, high": a level that stands alone behind a comma. */
function isBetweenMarks(masked: MaskedText, start: number, end: number): boolean {
  const after = masked.tokens[end];
  const opens =
    /^[,;(.|/–—-]$/.test(masked.tokens[start - 1]?.text ?? '') || masked.tokens[start - 1]?.kind === 'break';
  return opens && (after === undefined || after.kind === 'break' || /^[,;).!|/–—-]$/.test(after.text));
}

/** "is not so urgent any more" */
function isDenied(masked: MaskedText, at: number): boolean {
  return [1, 2, 3, 4].some((back) =>
    /^(?:not|isn't|isnt|nicht|kein|keine|non|pas|plus|no|ya)$/.test(masked.word(at - back)),
  );
}

function nounBefore(masked: MaskedText, at: number): number | undefined {
  const nouns = masked.lexicon.set(masked.lexicon.data.priorityNouns);
  for (let back = at - 1; back >= Math.max(0, at - 10); back -= 1) {
    const noun = nouns.at(masked.tokens, back);
    if (noun && noun.end <= at) {
      const between = Array.from({ length: at - noun.end }, (_, offset) => masked.word(noun.end + offset));
      return between.every((word) => FILLING.test(word)) && masked.areFree(back, at) ? back : undefined;
    }
  }
  return undefined;
}

/** Between commas, in brackets or at an edge of the clause: said beside the rest. */
function isAside(masked: MaskedText, start: number, end: number): boolean {
  const before = masked.tokens[start - 1];
  const after = masked.tokens[end];
  const opens =
    start === masked.firstFree() ||
    before === undefined ||
    before.kind !== 'word' ||
    !masked.isFree(start - 1) ||
    FILLING.test(before.word);
  const nounNext = masked.lexicon.nouns.at(masked.tokens, end)?.value.type === 'task';
  const nounBefore = before !== undefined && masked.lexicon.nouns.at(masked.tokens, start - 1)?.value.type === 'task';
  const closes = after === undefined || after.kind !== 'word' || !masked.isFree(end);
  return (opens && (closes || nounNext)) || nounNext || nounBefore;
}

function isNewValue(masked: MaskedText, start: number, end: number): boolean {
  const closes = isClosed(masked, end);
  const before = masked.word(start - 1);
  const into = masked.lexicon.set(masked.lexicon.data.into).at(masked.tokens, start - 1) !== undefined;
  return closes && (into || FILLING.test(before));
}

/** Nothing that belongs to the words before follows. */
function isClosed(masked: MaskedText, end: number): boolean {
  const after = masked.tokens[end];
  const { data } = masked.lexicon;
  if (after === undefined || after.kind !== 'word' || !masked.isFree(end)) return true;
  return [data.and, data.fillers, data.then].some(
    (phrases) => masked.lexicon.set(phrases).at(masked.tokens, end) !== undefined,
  );
}

function take(masked: MaskedText, start: number, end: number): void {
  let from = start;
  while (from > 0 && start - from < 4 && masked.isFree(from - 1) && FILLING.test(masked.word(from - 1))) from -= 1;
  let to = end;
  if (masked.word(from) === '(' && masked.word(to) === ')') to += 1;
  while (/^[!]$/.test(masked.word(to))) to += 1;
  masked.extract(from, to);
}

/**
 * `anywhere` for questions ("which tasks are in progress"); in commands a status must be named, stand behind "as" or
 * "to", between punctuation, or at the end.
 */
export function extractStatus(masked: MaskedText, mode: 'create' | 'update' | 'list'): Status | undefined {
  const { data } = masked.lexicon;
  const nouns = masked.lexicon.set(data.statusNouns);
  const into = masked.lexicon.set(data.into);
  const fillers = masked.lexicon.set(data.fillers).all(masked.tokens);
  const lists = masked.lexicon.set(data.taskLists).all(masked.tokens);
  const candidates = STATES.flatMap((status) =>
    masked.lexicon
      .set(data.statuses[status])
      .all(masked.tokens)
      .map((found) => ({ status, ...found })),
  ).sort((one, other) => other.start - one.start || other.end - one.end);
  for (const { status, start, end } of candidates) {
    if (
      !masked.areFree(start, end) ||
      candidates.some((one) => one.end >= end && one.start < start && one.end - one.start > end - start) ||
      (masked.word(end) === ':' && !nouns.at(masked.tokens, start - 1)) ||
      fillers.some((one) => one.start <= start && end <= one.end && one.end - one.start > 1) ||
      (mode !== 'update' && lists.some((list) => list.start <= start && end <= list.end))
    )
      continue;
    const before = start - 1;
    let noun = false;
    for (let back = before; back >= Math.max(0, start - 4); back -= 1) if (nouns.at(masked.tokens, back)) noun = true;
    const led =
      (mode === 'update' && before >= 0 && !masked.isFree(before)) ||
      into.at(masked.tokens, before) !== undefined ||
      /^(?:as|to|back|auf|als|come|comme|como|en|in|su|a|to|marked)$/.test(masked.word(before));
    const closes = isClosed(masked, end);
    const opens =
      before < 0 ||
      STATUS_FILLER.test(masked.word(before)) ||
      masked.tokens[before]?.kind === 'mark' ||
      !masked.isFree(before);
    const fits =
      mode === 'list' || noun || (mode === 'update' ? closes || led : closes && opens && before > 0 && start > 1);
    if (!fits) continue;
    let from = start;
    while (
      from > 0 &&
      start - from < 4 &&
      masked.isFree(from - 1) &&
      (into.at(masked.tokens, from - 1) ||
        nouns.at(masked.tokens, from - 1) ||
        /^(?:as|to|back|auf|als|come|comme|como|en|in|su|being|the|already|is|now|=|:|with|that|which|currently|bereits|gia|deja|ya|que|qui|die|che|ist)$/.test(
          masked.word(from - 1),
        ))
    )
      from -= 1;
    masked.extract(mode === 'list' ? start : from, end);
    return status;
  }
  return undefined;
}

const STATUS_FILLER = /^(?:already|is|now|currently|being|ist|bereits|e|gia|est|deja|esta|ya|status)$/;
const ORDERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:prio|import|wichtig|urgen)/, 'priority'],
  [/^(?:titl|titel|titol|titul|titr|name|nom|alpha)/, 'title'],
  [/^(?:creat|newest|erstell|creaz|creac)/, 'created_at'],
  [/^(?:status|stato|statut|estado)/, 'status'],
  [/^(?:due|deadline|date|datum|fallig|scaden|data|echeance|fecha|vencimiento)/, 'due_date'],
];

export function extractOrder(masked: MaskedText): string | undefined {
  const index = masked.lexicon.set(masked.lexicon.data.orderBy);
  const [found] = index.all(masked.tokens);
  if (!found) return undefined;
  for (let at = found.end; at < Math.min(found.end + 3, masked.tokens.length); at += 1) {
    const order = ORDERS.find(([words]) => words.test(masked.word(at)));
    if (!order) continue;
    const date = /^(?:date|datum)$/.test(masked.word(at + 1)) ? 2 : 1;
    masked.extract(found.start, at + date);
    return order[1];
  }
  return undefined;
}

/** "for 30 minutes", "90 min", "two hours long": how long an event lasts. */
export function extractMinutes(masked: MaskedText): number | undefined {
  const words = dateWordsOf(masked.lexicon);
  for (let at = 0; at < masked.tokens.length; at += 1) {
    if (!masked.isFree(at) || words.in.at(masked.tokens, at)) continue;
    const amount = amountAt(masked.tokens, at, words);
    if (!amount || (amount.unit !== 'minute' && amount.unit !== 'hour')) continue;
    if (words.in.at(masked.tokens, at - 1) || words.fromNow.at(masked.tokens, amount.end)) continue;
    let lead = /^(?:for|lasting|lasts|takes|fur|per|of|pour|pendant|por|durante|de|di|dauert|dura|dure|ca|etwa)$/.test(
      masked.word(at - 1),
    )
      ? 1
      : 0;
    if (/^(?:takes|lasts|dauert|dura|dure)$/.test(masked.word(at - 1 - lead))) lead += 1;
    masked.extract(at - lead, amount.end);
    return Math.round(amount.value * (amount.unit === 'hour' ? 60 : 1));
  }
  return undefined;
}
