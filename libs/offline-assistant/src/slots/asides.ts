import type { MaskedText } from '../text/masked-text';

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly small: boolean;
}

/**
 * Extracts what stands between marks or beside what slots took and says nothing of its own: ", und zwar", "– add it as a task", ". thanks".
 * One segment with other words is always left.
 */
export function extractAsides(masked: MaskedText): void {
  const segments = segmentsOf(masked);
  if (!segments.some(({ small }) => !small)) return;
  for (const { start, end, small } of segments) if (small) masked.extract(start, end);
}

function segmentsOf(masked: MaskedText): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (let at = 0; at <= masked.tokens.length; at += 1) {
    if (at < masked.tokens.length && masked.isFree(at) && !parts(masked, at)) continue;
    if (at > start) segments.push({ start, end: at, small: isSmall(masked, start, at) });
    start = at + 1;
  }
  return segments;
}

/** A mark between words; hyphens, apostrophes and decimal points inside words are none. */
function parts(masked: MaskedText, at: number): boolean {
  const token = masked.tokens[at];
  if (token?.kind === 'break') return true;
  return token?.kind === 'mark' && /^[,;.!?:–—-]$/.test(token.text);
}

const VERBS: ReadonlySet<string> = new Set(['create', 'put', 'jot', 'schedule', 'remind', 'need']);

function isSmall({ tokens, lexicon }: MaskedText, from: number, to: number): boolean {
  const { data } = lexicon;
  const small = [data.fillers, data.asides, data.taskLists, data.calendars, data.pronouns, data.then].map((phrases) =>
    lexicon.set(phrases),
  );
  const words = [data.determiners, data.prepositions, data.adjectives, data.and, data.into].map((phrases) =>
    lexicon.wordsOf(phrases),
  );
  let at = from;
  while (at < to) {
    const token = tokens[at];
    if (!token || token.kind === 'quote' || token.kind === 'id' || token.kind === 'number') return false;
    const verb = lexicon.verbs.at(tokens, at);
    const end = Math.max(
      ...small.map((index) => index.at(tokens, at)?.end ?? 0),
      lexicon.nouns.at(tokens, at)?.end ?? 0,
      verb && VERBS.has(verb.value) ? verb.end : 0,
    );
    const known = token.kind === 'mark' || words.some((set) => set.has(token.word));
    if (end === 0 && !known) return false;
    at = Math.max(end, at + 1);
  }
  return true;
}
