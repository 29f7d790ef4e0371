import type { AssistantContext } from '../entities/assistant-context';
import { mentionsIn } from '../entities/entity-linking';
import type { Phrases } from '../lexicon/lexicon';
import { parseDates } from '../slots/date-parser';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { MaskedText } from '../text/masked-text';
import type { Token } from '../text/tokens';

const MAX_TOKENS = 120;
const MAX_VALUE = 9;

type Kind = 'quote' | 'date' | 'priority' | 'name' | 'place';

/**
 * The tokens without the values that a clause denies: "at 8, not at 9", "'A' instead of 'B'", "statt Freitag", "non più alle 5 ma alle 6".
 * A value is left out only where the clause has another one of its kind.
 */
export function withoutDenied(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  context: AssistantContext,
): readonly Token[] {
  const { instead, denies } = lexicon.data.contrast;
  for (let at = 0; at < Math.min(tokens.length, MAX_TOKENS); at += 1) {
    // What is dictated behind a colon is content.
    if (tokens[at]?.text === ':') break;
    const replaces = lexicon.set(instead).at(tokens, at);
    const found = replaces ?? lexicon.set(denies).at(tokens, at);
    if (!found) continue;
    const end = valueEnd(tokens, found.end, lexicon);
    const hasEvent = mentionsIn(tokens, context).some(({ type }) => type === 'event');
    const kind = kindOf(
      new MaskedText(text, tokens.slice(found.end, end), lexicon),
      context,
      replaces !== undefined,
      hasEvent,
    );
    if (!kind) continue;
    const rest = tokens.filter((_, index) => index < found.start || index >= end);
    const other = new MaskedText(text, rest, lexicon);
    if (kind !== 'name' && !has(kind, other, context)) continue;
    return rest;
  }
  return tokens;
}

/** Up to the next mark or "but". */
function valueEnd(tokens: readonly Token[], from: number, lexicon: CompiledLexicon): number {
  const but = lexicon.set(lexicon.data.contrast.but);
  let end = from;
  while (end < tokens.length && end < from + MAX_VALUE) {
    const token = tokens[end];
    if (token?.kind === 'break' || (token?.kind === 'mark' && !/^[:@#'-]$/.test(token.text)) || but.at(tokens, end))
      break;
    end += 1;
  }
  return end;
}

function kindOf(masked: MaskedText, context: AssistantContext, replaces: boolean, hasEvent: boolean): Kind | undefined {
  const { lexicon } = masked;
  const { data } = lexicon;
  const quote = masked.quote();
  // The old name in "call it 'B' instead of 'A'" says what is meant.
  if (quote !== undefined)
    return onlySmall(masked, 'quote') && mentionsIn(masked.tokens, context).length === 0 ? 'quote' : undefined;
  const [date] = parseDates(masked, context);
  if (date) {
    masked.extract(date.start, date.end);
    return onlySmall(masked) ? 'date' : undefined;
  }
  // "at 18:00 instead of 17"
  const numbers = masked.tokens.filter(({ kind }) => kind === 'number').length;
  const hour = masked.tokens.every(({ kind }, at) => kind === 'number' || isSmall(masked, at));
  if (numbers === 1 && hour) return 'date';
  for (const phrases of Object.values(data.priorities)) {
    const [level] = lexicon.set(phrases).all(masked.tokens);
    if (!level) continue;
    masked.extract(level.start, level.end);
    return onlySmall(masked) ? 'priority' : undefined;
  }
  const place = lexicon.set(data.place).at(masked.tokens, 0);
  if (place && masked.tokens.length > place.end && masked.tokens.length <= place.end + 3) return 'place';
  const names = masked.tokens.every(({ text: word }, at) => /^\p{Lu}/u.test(word) || isSmall(masked, at));
  // "in the gym rather than the hall"
  if (replaces && masked.tokens.length > 0 && masked.tokens.length < 4 && hasEvent) return 'place';
  return replaces && names && masked.tokens.length > 0 && masked.tokens.length < 5 ? 'name' : undefined;
}

function onlySmall(masked: MaskedText, value?: 'quote'): boolean {
  return masked.tokens.every(({ kind }, at) => !masked.isFree(at) || kind === value || isSmall(masked, at));
}

function isSmall({ tokens, lexicon }: MaskedText, at: number): boolean {
  const { kind, word } = tokens[at] ?? { kind: 'mark', word: '' };
  if (kind === 'mark') return true;
  const { data } = lexicon;
  return [
    data.determiners,
    data.prepositions,
    data.into,
    data.contrast.anyMore,
    data.priorityNouns,
    data.dates.lead,
  ].some((phrases: Phrases) => lexicon.wordsOf(phrases).has(word));
}

function has(kind: Exclude<Kind, 'name'>, masked: MaskedText, context: AssistantContext): boolean {
  if (kind === 'quote') return masked.quote() !== undefined;
  if (kind === 'place') return masked.lexicon.set(masked.lexicon.data.place).all(masked.tokens).length > 0;
  if (kind === 'date') return parseDates(masked, context).length > 0;
  return Object.values(masked.lexicon.data.priorities).some(
    (phrases) => masked.lexicon.set(phrases).all(masked.tokens).length > 0,
  );
}
