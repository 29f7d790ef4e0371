import { distance } from 'fastest-levenshtein';
import type { CompiledLexicon } from './compiled-lexicon';
import { fold } from './clean';
import { tokenize, type Token } from './tokens';

const MIN_LENGTH = 4;
const MAX_LENGTH = 14;
const HEAD_WORDS = 7;

interface Vocabulary {
  /** Verbs and nouns of commands, which are corrected near the head. */
  readonly commands: readonly string[];
  /** Days, months, priorities and statuses, which are corrected anywhere. */
  readonly fields: readonly string[];
  readonly known: ReadonlySet<string>;
}

/**
 * The tokens with command words corrected that have one slip of the fingers: a letter more, less, other, or swapped
 * with its neighbour. Titles keep their spelling, because they are taken from the text and not from the words.
 */
export function correctTypos(
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  which: 'all' | 'fields' = 'all',
): Token[] {
  const { commands, fields, known } = vocabularyOf(lexicon);
  let seen = 0;
  return tokens.map((token) => {
    if (token.kind !== 'word') return token;
    seen += 1;
    const { word } = token;
    if (
      isName(token, lexicon) ||
      word.length < (seen === 1 ? 3 : MIN_LENGTH) ||
      word.length > MAX_LENGTH ||
      known.has(word)
    )
      return token;
    const near = which === 'all' && seen <= HEAD_WORDS ? commands.find((meant) => isSlip(word, meant)) : undefined;
    const meant =
      near ??
      fields.find((field) =>
        word.length > 4 ? isSlip(word, field) : word.length === field.length && isSwap(word, field),
      );
    return meant === undefined ? token : { ...token, word: meant };
  });
}

/** Names and possessives are no slips: "Marco" is not "marzo", "Monday's" not "Mondays". */
function isName({ text, word, start }: Token, { data }: CompiledLexicon): boolean {
  if (word.includes("'")) return true;
  const capital = /^\p{Lu}/u.test(text) && start > 0;
  return capital && (data.language === 'en' || data.language === 'de' ? word.length < 6 : true);
}

const made = new Map<CompiledLexicon, Vocabulary>();

export function vocabularyOf(lexicon: CompiledLexicon): Vocabulary {
  const cached = made.get(lexicon);
  if (cached) return cached;
  const { data } = lexicon;
  const { dates } = data;
  const fields = singles(
    [
      ...dates.weekdays,
      ...dates.months,
      dates.days[0] ?? '',
      dates.days[1] ?? '',
      dates.days[2] ?? '',
      data.priorityNouns,
      ...Object.values(data.priorities),
      ...Object.values(data.statuses),
    ].join('|'),
  );
  const nouns = Object.entries(data.entities).flatMap(([type, { one, many }]) =>
    type === 'figure' ? [] : singles(`${one}|${many}`),
  );
  const verbs = (
    [
      'create',
      'remind',
      'delete',
      'update',
      'move',
      'complete',
      'archive',
      'rename',
      'assign',
      'list',
      'schedule',
      'draft',
      'comment',
      'put',
    ] as const
  ).flatMap((verb) => singles(data.verbs[verb]));
  const commands = [...new Set([...nouns, ...verbs])].filter((word) => word.length >= MIN_LENGTH);
  const known = new Set([...commands, ...fields, ...lexicon.frequent, ...allWords(data), ...PLAIN]);
  const vocabulary = { commands, fields: fields.filter((word) => word.length > 3), known };
  made.set(lexicon, vocabulary);
  return vocabulary;
}

/** Everyday words that are one letter away from a command word. */
const PLAIN =
  'vote text test plan play make mate rate site nose move love live care lust last past cast desk mask take tale talk tank tack bask hide show slow shop snow read lead head reed find fund fine mind post host cost moved date late gate hate mail male main made meet melt stop step shot short shirt shut start star stare store dear near hear year pork port note nota notes taste tasks parks'.split(
    ' ',
  );

/** Every word of a lexicon, wherever it is. */
function allWords(data: unknown): string[] {
  if (typeof data === 'string') return words(data);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    ...(typeof value === 'number' ? words(key) : []),
    ...allWords(value),
  ]);
}

function singles(phrases: string): string[] {
  return phrases
    .split('|')
    .filter((phrase) => !/[\s…-]/.test(phrase.trim()))
    .map((phrase) => fold(phrase.trim()))
    .filter((word) => word !== '');
}

function words(phrases: string): string[] {
  return phrases.split('|').flatMap((phrase) => tokenize(phrase).map(({ text }) => fold(text)));
}

/** One letter more, less, other or swapped with its neighbour; the first letter is right. */
export function isSlip(typed: string, meant: string): boolean {
  const added = typed.length - meant.length;
  if (typed.charAt(0) !== meant.charAt(0) || Math.abs(added) > 1) return false;
  const edits = distance(typed, meant);
  if (edits === 1) return added !== 0 || meant.length > 4;
  return edits === 0 || (edits === 2 && isSwap(typed, meant));
}

/** Two neighbours in the wrong order, which the Levenshtein distance counts as two edits. */
function isSwap(typed: string, meant: string): boolean {
  let at = 0;
  while (typed.charAt(at) === meant.charAt(at)) at += 1;
  return typed === meant.slice(0, at) + meant.charAt(at + 1) + meant.charAt(at) + meant.slice(at + 2);
}
