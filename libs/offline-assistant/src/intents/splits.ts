import type { AssistantContext } from '../entities/assistant-context';
import { parseDates } from '../slots/date-parser';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { MaskedText } from '../text/masked-text';
import type { Token } from '../text/tokens';
import type { Split } from './clause-boundary';

const MAX_SPLITS = 14;

/** The places where a message may be cut, never inside a date. */
export function splitsIn(
  window: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon | undefined,
  context: AssistantContext,
): Split[] {
  if (!lexicon) return [];
  // "a las cinco y media" is one date.
  const dates = parseDates(new MaskedText(window, tokens, lexicon), context);
  const inDate = (at: number): boolean => dates.some(({ start, end }) => at > start && at < end);
  const then = lexicon.set(lexicon.data.then);
  const and = lexicon.set(lexicon.data.and);
  const splits: Split[] = [];
  for (let at = 1; at < tokens.length - 1 && splits.length < MAX_SPLITS; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    const mark =
      token.kind === 'mark' &&
      /^[,;.!?]$/.test(token.text) &&
      (token.text !== '.' || (tokens[at + 1]?.start ?? 0) > token.end);
    const item = token.kind === 'number' && /^\d{1,2}$/.test(token.word) && tokens[at + 1]?.text === ')';
    const ends = mark || token.kind === 'break' || item;
    const joint = ends ? undefined : (then.at(tokens, at) ?? and.at(tokens, at));
    if ((!ends && !joint) || (inDate(at) && token.text !== ',')) continue;
    let next = ends ? at + (item ? 2 : 1) : (joint?.end ?? at + 1);
    let strong =
      item ||
      token.kind === 'break' ||
      (mark && /^[;.!?]$/.test(token.text)) ||
      (joint !== undefined && then.at(tokens, at) !== undefined);
    for (let round = 0; round < 3; round += 1) {
      const more = then.at(tokens, next) ?? and.at(tokens, next);
      if (!more) break;
      strong = strong || then.at(tokens, next) !== undefined;
      next = more.end;
    }
    const first = tokens[next];
    if (!first) break;
    splits.push({ at: token.start, next: first.start, strong });
    at = next - 1;
  }
  return splits;
}
