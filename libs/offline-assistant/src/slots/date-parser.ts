import type { AssistantContext } from '../entities/assistant-context';
import type { MaskedText } from '../text/masked-text';
import { toLocal } from '../text/time-zone';
import type { DateAtom, DateDefaults } from './date-atom';
import { dayAtom } from './date-atoms';
import { dateOf, type ParsedDate } from './date-resolution';
import { dateWordsOf, type DateWords } from './date-words';
import { timeAtom } from './time-atoms';

const MAX_DATES = 12;
const GLUE =
  /^(?:,|\(|-|–|at|on|in|the|of|um|am|ab|alle|ore|a|à|le|las|la|el|de|del|il|dal|verso|gegen|around|about|@|by|from|for|y|e|per|para|pour)$/;

/** The dates of a text in its order; each token is looked at a bounded number of times. */
export function parseDates(masked: MaskedText, context: AssistantContext): ParsedDate[] {
  const words = dateWordsOf(masked.lexicon);
  const now = toLocal(context.now, context.zone);
  const defaults = { now, monthFirst: context.monthFirst };
  const groups = group(masked, atomsIn(masked, words, defaults), words);
  return groups
    .slice(0, MAX_DATES)
    .map((atoms) => dateOf(atoms, leadStart(masked, atoms[0]?.start ?? 0, words), now, context));
}

function atomsIn(masked: MaskedText, words: DateWords, defaults: DateDefaults): DateAtom[] {
  const { tokens } = masked;
  const atoms: DateAtom[] = [];
  for (let at = 0; at < tokens.length && atoms.length < MAX_DATES * 3; at += 1) {
    if (!masked.isFree(at) || tokens[at]?.kind === 'mark' || tokens[at]?.kind === 'quote') continue;
    const atom = maxMatch(
      dayAtom(tokens, at, words, defaults),
      timeAtom(tokens, at, words),
      partAtom(masked, at, words),
    );
    if (!atom || !masked.areFree(at, atom.end) || isDoubtful(atom, masked, words)) continue;
    // "by 25 December" is no hour either.
    const isHour = atom.kind === 'time' || atom.kind === 'invalid';
    if (isHour && isDay(tokens, at, atom.end, words, defaults)) continue;
    atoms.push(atom);
    // "tonight" and "stamattina" say the day and its part.
    const part = atom.kind === 'day' ? partAtom(masked, at, words) : undefined;
    if (part && part.end <= atom.end) atoms.push({ ...part, end: atom.end });
    const iso = atom.kind === 'day' && atom.end === at + 1 ? timeAtom(tokens, at, words) : undefined;
    if (iso && /t\d\d:/i.test(tokens[at]?.text ?? '')) atoms.push(iso);
    at = atom.end - 1;
  }
  return atoms;
}

/** "until 10 December" is no time of day: a date begins inside and ends behind it. */
function isDay(
  tokens: MaskedText['tokens'],
  start: number,
  end: number,
  words: DateWords,
  defaults: DateDefaults,
): boolean {
  for (let at = start + 1; at < end; at += 1) if ((dayAtom(tokens, at, words, defaults)?.end ?? 0) >= end) return true;
  return false;
}

function maxMatch(...atoms: readonly (DateAtom | undefined)[]): DateAtom | undefined {
  let best: DateAtom | undefined;
  for (const atom of atoms) if (atom && (!best || atom.end > best.end)) best = atom;
  return best;
}

function partAtom(masked: MaskedText, at: number, words: DateWords): DateAtom | undefined {
  const part = words.parts.at(masked.tokens, at);
  if (!part) return undefined;
  const tail =
    part.value === 'noon' || part.value === 'midnight' ? words.behind.at(masked.tokens, part.end) : undefined;
  return { kind: 'part', start: at, end: tail?.end ?? part.end, part: part.value, minutes: tail?.value ?? 0 };
}

/** Short names of weekdays are dates only in company: "mon", "sat", "mar". */
function isDoubtful(atom: DateAtom, masked: MaskedText, words: DateWords): boolean {
  if (atom.kind !== 'day' || atom.bare !== true) return false;
  const { tokens } = masked;
  const before = leadStart(masked, atom.start, words) < atom.start || /^[,(;-]$/.test(masked.word(atom.start - 1));
  const after = tokens[atom.end];
  const ends = after === undefined || after.kind !== 'word';
  const full =
    (tokens[atom.start]?.text.length ?? 0) > 3 &&
    /^(?:lun|mar|mer|jeu|ven|sam|dim|gio|sab|dom|jue|vie|mie)/.test(masked.word(atom.start)) === false;
  return !(before || full || (ends && atom.start > 0) || timeAtom(tokens, atom.end, words) !== undefined);
}

/** Atoms that belong together: a day, a time and a part of a day with nothing but glue between them. */
function group(masked: MaskedText, atoms: readonly DateAtom[], words: DateWords): DateAtom[][] {
  const groups: DateAtom[][] = [];
  for (const atom of atoms) {
    const last = groups.at(-1);
    const end = last?.at(-1)?.end ?? 0;
    if (last && fits(last, atom) && isGlue(masked, end, atom.start, words)) last.push(atom);
    else groups.push([atom]);
  }
  return groups.filter((parts) => parts.some((atom) => atom.kind !== 'part' || isPartAlone(atom, masked, words)));
}

/** "morning" alone is a date only where something leads to it or it says the hour itself. */
function isPartAlone(atom: DateAtom, masked: MaskedText, words: DateWords): boolean {
  if (atom.kind !== 'part') return false;
  const phrase = masked.slice(atom.start, atom.end);
  return (
    /\s/.test(phrase) ||
    ((atom.part === 'noon' || atom.part === 'midnight') && leadStart(masked, atom.start, words) < atom.start)
  );
}

function fits(group: readonly DateAtom[], atom: DateAtom): boolean {
  if (atom.kind === 'amount' || group.some(({ kind }) => kind === 'amount' || kind === 'invalid')) return false;
  if (atom.kind === 'invalid') return true;
  const has = (kind: DateAtom['kind']): boolean => group.some((one) => one.kind === kind);
  if (atom.kind === 'day' && has('week')) return true;
  // "Wednesday, 2 December": the date says which Wednesday.
  if (atom.kind === 'day' && atom.weekday !== true && group.some((one) => one.kind === 'day' && one.weekday === true))
    return !group.some((one) => one.kind === 'day' && one.weekday !== true);
  if (atom.kind === 'week' && has('day')) return group.some((one) => one.kind === 'day' && one.weekday === true);
  return !has(atom.kind);
}

function isGlue(masked: MaskedText, from: number, to: number, words: DateWords): boolean {
  if (to - from > 3) return false;
  for (let at = from; at < to; at += 1) {
    if (!masked.isFree(at)) return false;
    const lead = words.lead.at(masked.tokens, at);
    if (lead && lead.end <= to) at = lead.end - 1;
    else if (!GLUE.test(masked.word(at))) return false;
  }
  return true;
}

function leadStart(masked: MaskedText, start: number, words: DateWords): number {
  let from = start;
  for (let round = 0; round < 4; round += 1) {
    const next = leadBefore(masked, from, words);
    if (next === undefined) break;
    from = next;
  }
  return from;
}

const MAX_LEAD = 6;

function leadBefore(masked: MaskedText, start: number, words: DateWords): number | undefined {
  for (let length = MAX_LEAD; length > 0; length -= 1) {
    const at = start - length;
    if (at < 0 || !masked.areFree(at, start)) continue;
    if (words.lead.covers(masked.tokens, at, start)) return at;
    if (/^[:(=-]$/.test(masked.word(start - 1)) && words.lead.covers(masked.tokens, at, start - 1)) return at;
  }
  return undefined;
}
