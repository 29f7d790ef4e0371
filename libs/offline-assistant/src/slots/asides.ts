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
  for (const { start, end, small } of segments) {
    if (small) masked.extract(start, end);
    else trimEnd(masked, start, end);
  }
}

/** "X hinzu [for Friday]", "X goes [in the calendar]": such words in front of what a slot took. */
function trimEnd(masked: MaskedText, start: number, end: number): void {
  if (end >= masked.tokens.length || masked.isFree(end)) return;
  const { data } = masked.lexicon;
  for (const phrases of [data.asides])
    for (let length = 3; length > 0; length -= 1)
      if (end - length > start && masked.lexicon.set(phrases).covers(masked.tokens, end - length, end))
        masked.extract(end - length, end);
}

/** "…; kommt [ins Projekt X]": the words between a mark and a project that lead to it. */
export function extractLeads(masked: MaskedText): void {
  const { data } = masked.lexicon;
  for (const { start, end } of segmentsOf(masked)) {
    if (start === 0 || end >= masked.tokens.length || masked.isFree(end) || masked.tokens[start - 1]?.kind !== 'mark')
      continue;
    const leads = [data.belongs, data.asides].some((phrases) =>
      masked.lexicon.set(phrases).covers(masked.tokens, start, end),
    );
    if (leads) masked.extract(start - 1, end);
  }
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
