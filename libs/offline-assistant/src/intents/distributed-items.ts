import type { AssistantContext } from '../entities/assistant-context';
import type { EntityType } from '../lexicon/lexicon';
import { parseDates } from '../slots/date-parser';
import { extractPriority } from '../slots/field-slots';
import { extractPeople } from '../slots/people-slots';
import { extractProject } from '../slots/project-slots';
import { mentionsIn } from '../entities/entity-linking';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { verbsAt } from '../text/enclitics';
import { MaskedText } from '../text/masked-text';
import type { Token } from '../text/tokens';
import { countOf, separated } from './list-items';

/** "A, B and C, each as a task for Friday": what is to be made of each item, and the items. */
export interface DistributedItems {
  readonly type: EntityType;
  readonly tail: string;
  readonly items: readonly string[];
}

const MAX_TAIL = 16;
const TYPES: ReadonlySet<EntityType> = new Set<EntityType>(['task', 'checkpoint', 'note', 'event', 'project']);

/** The noun stands behind the items, as a plural, with a number, or with "each"; nothing but fields and words of grammar is beside it. */
export function distributedItems(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  context: AssistantContext,
): DistributedItems | undefined {
  if (tokens.at(-1)?.text === '?') return undefined;
  const masked = new MaskedText(text, tokens, lexicon);
  for (const noun of lexicon.nouns.all(tokens, 3)) {
    if (!TYPES.has(noun.value.type)) continue;
    const start = tailStart(masked, noun.start);
    if (start === undefined || tokens.length - start > MAX_TAIL) continue;
    const count = countOf(tokens, noun.start, lexicon);
    const each = lexicon.set(lexicon.data.each).all(tokens, start).length > 0;
    const as = noun.value.many && /^(?:as|als|come|comme|como)$/.test(tokens[start]?.word ?? '');
    if (!(as || count !== undefined || each) || !isTail(masked, start, context)) continue;
    const first = verbsAt(lexicon, tokens, 0)[0];
    const from = first && (first.value === 'create' || first.value === 'put') ? first.end : 0;
    const head = tokens[start - 1];
    if (!head) continue;
    const whole = text.slice(0, head.end);
    const items = separated(whole, tokens.slice(0, start), from, lexicon).map((item) => item.replace(/[\s–—:-]+$/, ''));
    const fits = count === undefined ? items.length > 1 : items.length === count;
    if (fits) return { type: noun.value.type, tail: text.slice(tokens[start]?.start), items };
  }
  return undefined;
}

/** Behind the mark or "as" in front of the noun. */
function tailStart({ tokens, lexicon }: MaskedText, noun: number): number | undefined {
  const small = [lexicon.data.determiners, lexicon.data.adjectives, lexicon.data.asides, lexicon.data.each].map((one) =>
    lexicon.wordsOf(one),
  );
  let at = noun - 1;
  while (
    at > 2 &&
    !/^(?:as|als|come|comme|como)$/.test(tokens[at]?.word ?? '') &&
    (small.some((set) => set.has(tokens[at]?.word ?? '')) ||
      /^[2-9]$/.test(tokens[at]?.word ?? '') ||
      isNumber(lexicon, tokens[at]?.word ?? ''))
  )
    at -= 1;
  if (/^(?:as|als|come|comme|como)$/.test(tokens[at]?.word ?? '')) return at;
  return tokens[at]?.kind === 'mark' && tokens[at]?.text !== '.' ? at + 1 : undefined;
}

function isNumber({ data }: CompiledLexicon, word: string): boolean {
  return (data.dates.numbers[word] ?? 0) > 1;
}

/** Nothing but words of grammar, nouns of entities and fields. */
function isTail({ text, tokens, lexicon }: MaskedText, from: number, context: AssistantContext): boolean {
  const masked = new MaskedText(text, tokens, lexicon);
  const { data } = lexicon;
  masked.extract(0, from);
  extractProject(masked, mentionsIn(tokens, context), context, false);
  extractPriority(masked, false);
  extractPeople(masked, true);
  for (const date of parseDates(masked, context)) masked.extract(date.start, date.end);
  const sets = [data.fillers, data.asides, data.each, data.taskLists, data.calendars].map((one) => lexicon.set(one));
  const words = [data.determiners, data.prepositions, data.adjectives, data.and, data.into, data.pronouns].map((one) =>
    lexicon.wordsOf(one),
  );
  for (let at = from; at < tokens.length;) {
    const token = tokens[at];
    if (!token || !masked.isFree(at) || token.kind === 'mark') {
      at += 1;
      continue;
    }
    const verb = verbsAt(lexicon, tokens, at)[0];
    const end = Math.max(
      ...sets.map((index) => index.at(tokens, at)?.end ?? 0),
      lexicon.nouns.at(tokens, at)?.end ?? 0,
      verb && (verb.value === 'create' || verb.value === 'put') ? verb.end : 0,
    );
    const known =
      words.some((set) => set.has(token.word)) ||
      isNumber(lexicon, token.word) ||
      /^[2-9]$/.test(token.word) ||
      /^(?:an|ein|as|als|come|comme|como)$/.test(token.word);
    if (end === 0 && !known) return false;
    at = Math.max(end, at + 1);
  }
  return true;
}
