import type { Mention } from '../entities/entity-linking';
import type { Verb } from '../lexicon/lexicon';
import { isPreposition } from '../slots/name-tokens';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { fold } from '../text/clean';
import { hasEnclitic, verbsAt } from '../text/enclitics';
import type { MaskedText } from '../text/masked-text';
import type { PhraseMatch } from '../text/phrase-index';

export interface VerbHit {
  readonly verb: Verb;
  readonly start: number;
  readonly end: number;
  readonly apart?: { readonly start: number; readonly end: number };
  /** How much its place speaks for it being the command. */
  readonly weight: number;
  readonly atEnd: boolean;
  /** An infinitive at the end, where German puts it. */
  readonly final: boolean;
}

const MAX_HEAD_FILLERS = 14;

/** Behind courtesy, filling words, what slots have extracted, and marks. */
export function skipFillers(masked: MaskedText, from: number): number {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  let at = from;
  for (let round = 0; round < MAX_HEAD_FILLERS; round += 1) {
    while (at < masked.tokens.length && (!masked.isFree(at) || isMark(masked, at))) at += 1;
    const verb = masked.lexicon.verbs.at(masked.tokens, at);
    const filler = fillers.at(masked.tokens, at);
    const desire =
      verb?.value === 'need' && DESIRE.test(masked.slice(at, verb.end).toLowerCase()) && (filler?.end ?? 0) <= verb.end
        ? verb
        : undefined;
    const desiredVerb = desire && masked.lexicon.verbs.at(masked.tokens, desire.end);
    if (desire && desiredVerb && COMMANDS.has(desiredVerb.value)) {
      at = desire.end;
      continue;
    }
    if (!filler || (verb && verb.end - verb.start >= filler.end - filler.start)) break;
    if (filler.end >= masked.tokens.length) break;
    at = filler.end;
  }
  return at;
}

/** "I want to" in front of a command is courtesy; in front of anything else it is something to do. */
const DESIRE = /want|like|möchte|mochte|will$|voglio|vorrei|veux|voudrais|aimerais|souhaite|quiero|quisiera|gustaría/;
const COMMANDS: ReadonlySet<Verb> = new Set<Verb>([
  'create',
  'delete',
  'archive',
  'restore',
  'list',
  'rename',
  'update',
  'remind',
  'schedule',
  'comment',
  'assign',
  'move',
]);

function isMark(masked: MaskedText, at: number): boolean {
  const kind = masked.tokens[at]?.kind;
  return kind === 'mark' || kind === 'break';
}

/** Verbs at the head, behind punctuation, and, where a language puts them there, at the end. */
export function verbsIn(masked: MaskedText, head: number, mentions: readonly Mention[]): VerbHit[] {
  const leads = isPreposition(masked, head);
  const hits: VerbHit[] = [];
  const end = lastFree(masked);
  for (let at = head; at < masked.tokens.length && hits.length < 12; at += 1) {
    if (!masked.isFree(at)) continue;
    const before = masked.tokens[at - 1];
    const named = at > head && leads && mentions.some(({ end: behind }) => behind === at);
    const asked = at > head && isAsked(masked, at);
    const inner =
      named ||
      asked ||
      (at > head &&
        ((before?.kind === 'mark' || before?.kind === 'break' ? masked.isFree(at - 1) : false) ||
          PLEASE.test(before?.word ?? '')));
    const start = at === head ? head : inner ? skipFillers(masked, at) : at;
    const found = verbsAt(masked.lexicon, masked.tokens, start);
    for (const match of found) {
      const header = masked.word(match.end) === ':';
      const final =
        at !== head && (match.end >= end ? !hasColon(masked, head, at) : header) && isVerbFinal(masked, match);
      if (
        final &&
        hits.some(
          ({ weight: other, verb, start: first }) =>
            other >= 3 && !WEAK.has(verb) && !masked.lexicon.nouns.at(masked.tokens, first),
        )
      )
        continue;
      const weight =
        at === head ? 3 : final ? 2.2 : inner ? (named || asked || PLEASE.test(before?.word ?? '') ? 2.4 : 1.6) : 0;
      if (weight === 0) continue;
      const { value: verb, apart } = match;
      hits.push({
        verb,
        start: match.start,
        end: match.end,
        weight: weight + 0.15 * (match.end - match.start),
        final,
        atEnd:
          at !== head &&
          (!(inner && (match.end < end - 3 || hasQuote(masked, match.end))) ||
            pronounsIn(masked.lexicon, masked.tokens, match.end, match.end + 3).some((one) => one.start === match.end)),
        ...(apart ? { apart } : {}),
      });
    }
    if (inner && start > at) at = start - 1;
  }
  return hits;
}

/** Directly behind "can you" or "so", or in front of a noun of something new ("… crea una tarea"): a command, whatever comes before it. */
function isAsked(masked: MaskedText, at: number): boolean {
  const { tokens, lexicon } = masked;
  const { data } = lexicon;
  const asks = lexicon.set(data.asksFor);
  // "tu peux le supprimer"
  const to = at > 1 && /^(?:l'|le|la|les)$/.test(tokens[at - 1]?.word ?? '') ? at - 1 : at;
  for (let back = 1; back <= 4 && back <= to; back += 1) if (asks.covers(tokens, to - back, to)) return true;
  const verb = verbsAt(lexicon, tokens, at)[0];
  if (verb && WITH_PRONOUN.has(verb.value) && (hasPronoun(masked, at) || isSecondPerson(masked, at))) return true;
  const told = AUXILIARY.test(tokens[at - 1]?.word ?? '') || fold(tokens[at]?.text ?? '') !== tokens[at]?.word;
  if (told || (verb?.value !== 'create' && verb?.value !== 'remind')) return false;
  if (verb.value === 'remind') return verb.end - verb.start > 1;
  let noun = verb.end;
  const small = [data.determiners, data.adjectives].map((phrases) => lexicon.wordsOf(phrases));
  while (noun < verb.end + 3 && small.some((set) => set.has(tokens[noun]?.word ?? ''))) noun += 1;
  const found = lexicon.nouns.at(tokens, noun);
  return noun > at + 1 && found !== undefined && found.value.type !== 'figure' && found.value.type !== 'email';
}

const WITH_PRONOUN: ReadonlySet<Verb> = new Set<Verb>([
  'delete',
  'archive',
  'complete',
  'move',
  'reopen',
  'restore',
  'rename',
  'assign',
  'start',
  'update',
]);

/** "buttala", "bórrala", "jette-la": an imperative with its pronoun. */
function hasPronoun({ tokens, lexicon, text }: MaskedText, at: number): boolean {
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (!token) return false;
  if (hasEnclitic(lexicon, token.word)) return !/r(?:l[aoei]|l[ao]s|mi|ci|ne|gli|me|se)$/.test(token.word);
  return text.charAt(token.end) === '-' && next?.start === token.end + 1 && /^(?:la|le|les)$/.test(next.word);
}

/** "den Zaun schiebst du bitte auf Montag" */
function isSecondPerson({ tokens, lexicon }: MaskedText, at: number): boolean {
  return lexicon.data.language === 'de' && tokens[at]?.word.endsWith('st') === true && tokens[at + 1]?.word === 'du';
}

const AUXILIARY =
  /^(?:have|has|had|i've|was|were|did|hat|habe|hab|haben|hatte|wurde|ho|ha|hanno|abbiamo|ai|a|as|avons|ont|he|has|han|hemos|to)$/;

/** Verbs at the head that leave it open what the infinitive at the end says. */
const WEAK: ReadonlySet<Verb> = new Set<Verb>(['need', 'list', 'put']);
const PLEASE = /^(?:please|pls|plz|bitte|porfa|stp|svp)$/;
const VERB_FINAL = new Set(['de']);

function hasQuote({ tokens }: MaskedText, from: number): boolean {
  return tokens.slice(from).some(({ kind }) => kind === 'quote');
}

/** Behind a colon stands what is created, and no verb of command. */
function hasColon(masked: MaskedText, from: number, to: number): boolean {
  return masked.tokens.slice(from, to).some(({ text }) => text === ':');
}

function isVerbFinal(masked: MaskedText, match: PhraseMatch<Verb>): boolean {
  const word = masked.word(match.start);
  return VERB_FINAL.has(masked.lexicon.data.language) ? /(?:en|ern|eln|st|e|weg|raus)$/.test(word) : false;
}

function lastFree(masked: MaskedText): number {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  let end = masked.tokens.length;
  for (let round = 0; round < 8 && end > 0; round += 1) {
    const before = end;
    while (end > 0 && (isMark(masked, end - 1) || !masked.isFree(end - 1))) end -= 1;
    for (let length = 4; length > 0; length -= 1) {
      const filler = end - length >= 0 ? fillers.at(masked.tokens, end - length) : undefined;
      if (filler?.end === end && end - length > 0) {
        end -= length;
        break;
      }
    }
    if (end === before) break;
  }
  return end;
}

/**
 * Pronouns; one that is an article too ("la") counts only where no noun can follow: at the end or before a
 * preposition.
 */
export function pronounsIn(
  lexicon: CompiledLexicon,
  tokens: MaskedText['tokens'],
  from: number,
  to = tokens.length,
): PhraseMatch<true>[] {
  const { data } = lexicon;
  return lexicon
    .set(data.pronouns)
    .all(tokens, from, to)
    .filter(({ start, end }) => {
      if (end - start > 1 || !lexicon.set(data.determiners).at(tokens, start)) return true;
      const next = tokens[end];
      if (next === undefined || next.kind !== 'word') return next?.kind !== 'quote' && next?.kind !== 'id';
      return [data.prepositions, data.fillers, data.then, data.into].some(
        (phrases) => lexicon.set(phrases).at(tokens, end) !== undefined,
      );
    });
}
